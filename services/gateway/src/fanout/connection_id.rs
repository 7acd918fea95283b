//! Which socket: a client may have one in each namespace, and the library gives them all one id.

use std::fmt;

use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;

/// One socket in one namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConnectionId {
    /// The client's transport, which all of its sockets share.
    pub sid: Sid,
    /// The namespace's name, empty for `/`.
    pub namespace: &'static str,
}

impl ConnectionId {
    /// The id of a socket.
    pub fn of(socket: &SocketRef, namespace: &'static str) -> Self {
        Self {
            sid: socket.id,
            namespace,
        }
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.namespace {
            "" => write!(f, "{}", self.sid),
            namespace => write!(f, "{}/{namespace}", self.sid),
        }
    }
}
