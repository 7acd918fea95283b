//! Whose presence a socket sees unasked: theirs with whom its user shares a room, as it was told last.

use std::collections::{HashMap, HashSet};

use confab_ids::{RoomId, UserId};
use parking_lot::Mutex;

/// What a socket knows of those with whom its user shares rooms.
#[derive(Default)]
pub struct Contacts(Mutex<State>);

#[derive(Default)]
struct State {
    rooms: HashMap<RoomId, Vec<UserId>>,
    online: HashSet<UserId>,
    /// It was told who is online; before that, nothing is news.
    begun: bool,
    /// Somebody is about to tell it the whole list.
    listing: bool,
}

impl Contacts {
    /// The socket's user is in a room with these.
    pub fn meet(&self, room: RoomId, members: Vec<UserId>) {
        self.0.lock().rooms.insert(room, members);
    }

    /// The socket's user is no longer in a room.
    pub fn part(&self, room: RoomId) {
        self.0.lock().rooms.remove(&room);
    }

    /// Whether the socket's user shares a room with somebody.
    pub fn include(&self, user: UserId) -> bool {
        let state = self.0.lock();
        state.rooms.values().any(|members| members.contains(&user))
    }

    /// The socket is told who is online, for the first time.
    pub fn begin(&self, online: impl IntoIterator<Item = UserId>) {
        let mut state = self.0.lock();
        state.online.extend(online);
        state.begun = true;
    }

    /// Somebody came or went; true if the socket does not know.
    pub fn change(&self, user: UserId, online: bool) -> bool {
        let mut state = self.0.lock();
        let moved = if online {
            state.online.insert(user)
        } else {
            state.online.remove(&user)
        };
        moved && state.begun
    }

    /// Claims the telling of the list; false if somebody is about to.
    pub fn claim_list(&self) -> bool {
        !std::mem::replace(&mut self.0.lock().listing, true)
    }

    /// Who is online, for those who claimed the telling.
    pub fn list(&self) -> Vec<UserId> {
        let mut state = self.0.lock();
        state.listing = false;
        state.online.iter().copied().collect()
    }
}
