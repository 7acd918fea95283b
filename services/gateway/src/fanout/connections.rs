//! All sockets of this replica.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;

use super::connection::{Connection, seconds};
use super::connection_id::ConnectionId;
use crate::dialect::Dialect;

/// All sockets of this replica.
#[derive(Default)]
pub struct Connections(Mutex<HashMap<ConnectionId, Arc<Connection>>>);

impl Connections {
    /// Adds a socket.
    pub fn add(&self, connection: &Arc<Connection>) {
        self.0.lock().insert(connection.id, connection.clone());
    }

    /// Takes a socket away; answers it, and whether its client has another one.
    pub fn remove(&self, id: ConnectionId) -> Option<(Arc<Connection>, bool)> {
        let mut connections = self.0.lock();
        let connection = connections.remove(&id)?;
        let mut others = Dialect::all().map(|dialect| dialect.name()).chain([""]);
        let sid = id.sid;
        let shares =
            others.any(|namespace| connections.contains_key(&ConnectionId { sid, namespace }));
        Some((connection, shares))
    }

    /// All of them.
    pub fn all(&self) -> Vec<Arc<Connection>> {
        self.0.lock().values().cloned().collect()
    }

    /// Those that are so.
    pub fn those(&self, are: impl Fn(&Connection) -> bool) -> Vec<Arc<Connection>> {
        let connections = self.0.lock();
        let those = connections.values().filter(|one| are(one));
        those.cloned().collect()
    }

    /// Tells those whose tokens have expired, and closes those whose tokens expired `grace` ago.
    pub fn expire(&self, grace: Duration) {
        let now = seconds(SystemTime::now());
        for connection in self.those(|one| one.expires_at() <= now) {
            connection.expire(now, grace);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.lock().len()
    }
}
