//! Cutting one client's transport from outside.
//!
//! The Socket.IO library can only say goodbye, and a client that hears a goodbye does not come back. A
//! client whose transport breaks does. So a gateway that wants to be rid of a socket for a while breaks
//! its transport: the TCP connection of a WebSocket, the session of a polling client.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Weak};

use axum::extract::ConnectInfo;
use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use http::request::Parts;
use parking_lot::Mutex;
use tokio::net::TcpStream;

use super::listener::CordListener;

/// One TCP connection, to be cut. It does not keep the connection open.
#[derive(Clone)]
pub struct Cord(Weak<TcpStream>);

impl Cord {
    pub(super) fn new(stream: &Arc<TcpStream>) -> Self {
        Self(Arc::downgrade(stream))
    }

    /// The address of the other end.
    pub fn peer(&self) -> Option<std::net::IpAddr> {
        Some(self.0.upgrade()?.peer_addr().ok()?.ip())
    }

    /// Ends the connection in both directions; whoever reads or writes it notices at once.
    fn cut(&self) {
        if let Some(stream) = self.0.upgrade() {
            // Fails only if the connection is gone already.
            let _ = socket2::SockRef::from(&*stream).shutdown(std::net::Shutdown::Both);
        }
    }
}

impl Connected<IncomingStream<'_, CordListener>> for Cord {
    fn connect_info(stream: IncomingStream<'_, CordListener>) -> Self {
        stream.io().cord()
    }
}

/// The cords of sockets here, by the sockets' ids. Clones share them.
#[derive(Clone, Default)]
pub struct Cords(Arc<Mutex<Ends>>);

/// How many cords there may be before the first look for dead ones.
const PURGE: usize = 1_024;

#[derive(Default)]
struct Ends {
    /// Of sockets that began with polling and went on with WebSocket, on another TCP connection.
    upgraded: HashMap<String, Cord>,
    /// Polling sockets that are to be refused from now on.
    severed: HashSet<String>,
    /// How many cords there may be before the next look for dead ones.
    purge_at: usize,
}

impl Cords {
    /// A socket that began with polling goes on over this connection.
    pub fn upgraded(&self, id: &str, cord: Cord) {
        let mut ends = self.0.lock();
        // Upgrades of sessions that never come to anything leave their cords behind.
        if ends.upgraded.len() >= ends.purge_at {
            ends.upgraded.retain(|_, cord| cord.0.strong_count() > 0);
            ends.purge_at = PURGE.max(ends.upgraded.len() * 2);
        }
        ends.upgraded.insert(id.to_owned(), cord);
    }

    /// Whether a polling socket is to be refused.
    pub fn is_severed(&self, id: &str) -> bool {
        self.0.lock().severed.contains(id)
    }

    /// Cuts a socket's transport. `opening` is the request that it began with.
    pub fn cut(&self, id: &str, opening: &Parts) {
        let mut ends = self.0.lock();
        let direct = || {
            let is_websocket = opening.headers.contains_key(http::header::UPGRADE);
            let info = opening.extensions.get::<ConnectInfo<Cord>>();
            info.filter(|_| is_websocket)
                .map(|ConnectInfo(cord)| cord.clone())
        };
        let upgraded = ends
            .upgraded
            .get(id)
            .filter(|cord| cord.0.strong_count() > 0)
            .cloned();
        match upgraded.or_else(direct) {
            Some(cord) => cord.cut(),
            // A polling connection may carry other clients' requests too: only this session is refused.
            None => drop(ends.severed.insert(id.to_owned())),
        }
    }

    /// A socket is gone.
    pub fn forget(&self, id: &str) {
        let mut ends = self.0.lock();
        ends.upgraded.remove(id);
        ends.severed.remove(id);
    }
}
