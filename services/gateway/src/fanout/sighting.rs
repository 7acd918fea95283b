//! A user came or went, as sockets are told: those who asked, and those who see them unasked.

use std::sync::Arc;
use std::time::Duration;

use confab_ids::UserId;

use super::connection::Connection;
use crate::dialect::native::PresenceView;
use crate::dialect::{Packets, Shows, Told};

/// How long a list of all who are online waits for further changes: a crowd that comes or goes at once is
/// one list.
const GATHER: Duration = Duration::from_millis(200);

/// How a user is, put into words once.
pub struct Sighting {
    user: UserId,
    view: PresenceView,
    packets: Packets,
}

impl Sighting {
    /// A user who is like this.
    pub fn new(user: UserId, view: PresenceView) -> Self {
        let packets = Packets::default();
        Self {
            user,
            view,
            packets,
        }
    }

    /// Tells a socket, if it is news to it.
    pub fn give(&self, connection: &Arc<Connection>) {
        let (shows, contacts) = (connection.manner.shows, &connection.contacts);
        if shows != Shows::Asked {
            let is_seen = contacts.include(self.user);
            if !is_seen || !contacts.change(self.user, self.view.online) {
                return;
            }
        }
        if shows == Shows::List {
            list(connection);
        } else {
            let told = || Told::Presence(&self.view);
            connection.give(self.packets.of(connection.dialect, told));
        }
    }
}

/// Tells a socket who is online, a moment later.
pub fn list(connection: &Arc<Connection>) {
    if connection.contacts.claim_list() {
        let connection = connection.clone();
        tokio::spawn(async move {
            tokio::time::sleep(GATHER).await;
            let online = connection.contacts.list();
            let online: Vec<_> = online.iter().map(ToString::to_string).collect();
            connection.tell(&Told::Online(&online));
        });
    }
}
