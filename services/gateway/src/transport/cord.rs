//! Cutting one client's transport from outside.
//!
//! The Socket.IO library can only say goodbye, and a client that hears a goodbye does not come back. A
//! client whose transport breaks does. So a gateway that wants to be rid of a socket for a while breaks
//! its transport: the TCP connection of a WebSocket, the session of a polling client.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use http::request::Parts;
use parking_lot::Mutex;
use socketioxide::socket::Sid;
use tokio::net::TcpStream;

use super::listener::CordListener;

/// One TCP connection, to be cut.
#[derive(Clone)]
pub struct Cord(Arc<TcpStream>);

impl Cord {
    pub(super) const fn new(stream: Arc<TcpStream>) -> Self {
        Self(stream)
    }

    /// Ends the connection in both directions; whoever reads or writes it notices at once.
    fn cut(&self) -> io::Result<()> {
        socket2::SockRef::from(&*self.0).shutdown(std::net::Shutdown::Both)
    }
}

impl Connected<IncomingStream<'_, CordListener>> for Cord {
    fn connect_info(stream: IncomingStream<'_, CordListener>) -> Self {
        stream.io().cord()
    }
}

/// The cords of sockets here. Clones share them.
#[derive(Clone, Default)]
pub struct Cords(Arc<Mutex<Ends>>);

#[derive(Default)]
struct Ends {
    /// Of sockets that began with polling and went on with WebSocket, on another TCP connection.
    upgraded: HashMap<Sid, Cord>,
    /// Polling sockets that are to be refused from now on.
    severed: HashSet<Sid>,
}

impl Cords {
    /// A socket that began with polling goes on over this connection.
    pub fn upgraded(&self, id: Sid, cord: Cord) {
        self.0.lock().upgraded.insert(id, cord);
    }

    /// Whether a polling socket is to be refused.
    pub fn is_severed(&self, id: Sid) -> bool {
        self.0.lock().severed.contains(&id)
    }

    /// Cuts a socket's transport. `opening` is the request that it began with.
    pub fn cut(&self, id: Sid, opening: &Parts) {
        let mut ends = self.0.lock();
        let direct = || {
            let is_websocket = opening.headers.contains_key(http::header::UPGRADE);
            let info = opening.extensions.get::<ConnectInfo<Cord>>();
            info.filter(|_| is_websocket)
                .map(|ConnectInfo(cord)| cord.clone())
        };
        match ends.upgraded.get(&id).cloned().or_else(direct) {
            // Fails only if the connection is gone already.
            Some(cord) => drop(cord.cut()),
            // A polling connection may carry other clients' requests too: only this session is refused.
            None => drop(ends.severed.insert(id)),
        }
    }

    /// A socket is gone.
    pub fn forget(&self, id: Sid) {
        let mut ends = self.0.lock();
        ends.upgraded.remove(&id);
        ends.severed.remove(&id);
    }
}
