//! Sockets in Redis: they come, they go, they are counted.

use confab_ids::UserId;

use super::{RETELL, Store, StoreError, millis};
use crate::connection::Connection;
use crate::edge::Edge;
use crate::query::Presence;

/// What the coming of a socket meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// It is the user's first.
    pub first: bool,
    /// What watchers must be told; nothing if the user was away only for a moment.
    pub edge: Option<Edge>,
}

impl Store {
    /// Adds a socket.
    pub async fn add(&self, connection: &Connection) -> Result<Arrival, StoreError> {
        let arguments = [
            connection.user.to_string(),
            connection.id.to_string(),
            connection.gateway.to_string(),
            millis(self.0.timing.lease_ttl),
            millis(RETELL),
        ];
        let (first, version): (bool, String) = self.run(&self.0.scripts.connect, arguments).await?;
        let edge = version
            .parse()
            .ok()
            .map(|version| Edge::online(connection.user, version));
        Ok(Arrival { first, edge })
    }

    /// Takes a socket away; answers whether it was the user's last.
    pub async fn remove(&self, connection: &Connection) -> Result<bool, StoreError> {
        let arguments = [
            connection.user.to_string(),
            connection.id.to_string(),
            connection.gateway.to_string(),
            millis(self.0.timing.offline_debounce),
        ];
        self.run(&self.0.scripts.disconnect, arguments).await
    }

    /// Reads the presence of users, in the order asked for.
    pub async fn presences(&self, users: &[UserId]) -> Result<Vec<Presence>, StoreError> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let arguments = users.iter().map(UserId::to_string);
        let flat: Vec<i64> = self.run(&self.0.scripts.query, arguments).await?;
        Ok(users
            .iter()
            .zip(flat.as_chunks::<2>().0)
            .map(|(user, [online, connections])| Presence {
                user: *user,
                online: match online {
                    0 => Some(false),
                    1 => Some(true),
                    _ => None,
                },
                connections: i32::try_from(*connections).unwrap_or(i32::MAX),
            })
            .collect())
    }
}
