//! Whose presence a socket sees unasked: theirs with whom its user shares a room, as it was told last.

use std::collections::{HashMap, HashSet};

use confab_ids::{RoomId, UserId};
use parking_lot::Mutex;

/// What a socket knows of those with whom its user shares rooms.
#[derive(Default)]
pub struct Contacts(Mutex<State>);

#[derive(Default)]
struct State {
    rooms: HashMap<RoomId, Circle>,
    online: HashSet<UserId>,
    /// Who went before it was told who is online: what was asked for then may be older.
    gone: HashSet<UserId>,
    /// It was told who is online; before that, nothing is news.
    begun: bool,
    /// Somebody is about to tell it the whole list.
    listing: bool,
}

/// The others in one room.
#[derive(Default)]
struct Circle {
    members: Vec<UserId>,
    /// Who went before the members were read: what is read then may be older.
    gone: Vec<UserId>,
    read: bool,
}

impl State {
    fn include(&self, user: UserId) -> bool {
        let mut circles = self.rooms.values();
        circles.any(|circle| circle.members.contains(&user))
    }

    /// Shares no room any more, so is seen no more; true if the socket knows them to be online.
    fn lose(&mut self, user: UserId) -> bool {
        !self.include(user) && self.online.remove(&user)
    }
}

impl Contacts {
    /// The socket's user is in a room with these, as it was read.
    pub fn meet(&self, room: RoomId, members: Vec<UserId>) {
        let mut state = self.0.lock();
        let circle = state.rooms.entry(room).or_default();
        let gone = std::mem::take(&mut circle.gone);
        circle.read = true;
        for user in members {
            if !gone.contains(&user) && !circle.members.contains(&user) {
                circle.members.push(user);
            }
        }
    }

    /// Somebody came into a room; false if they are known there, or it has as many as `most` already.
    pub fn join(&self, room: RoomId, user: UserId, most: usize) -> bool {
        let mut state = self.0.lock();
        let circle = state.rooms.entry(room).or_default();
        circle.gone.retain(|one| *one != user);
        let is_new = !circle.members.contains(&user) && circle.members.len() < most;
        if is_new {
            circle.members.push(user);
        }
        is_new
    }

    /// Somebody left a room; true if the socket knew them to be online, and sees them no more.
    pub fn leave(&self, room: RoomId, user: UserId) -> bool {
        let mut state = self.0.lock();
        let circle = state.rooms.entry(room).or_default();
        circle.members.retain(|one| *one != user);
        if !circle.read {
            circle.gone.push(user);
        }
        state.lose(user)
    }

    /// The socket's user is no longer in a room.
    pub fn part(&self, room: RoomId) {
        let mut state = self.0.lock();
        let circle = state.rooms.remove(&room).unwrap_or_default();
        for user in circle.members {
            state.lose(user);
        }
    }

    /// Whether the socket's user shares a room with somebody.
    pub fn include(&self, user: UserId) -> bool {
        self.0.lock().include(user)
    }

    /// The socket is told who is online, for the first time: these, as was asked, and as they came and went
    /// since. Answers them.
    pub fn begin(&self, online: impl IntoIterator<Item = UserId>) -> Vec<UserId> {
        let mut state = self.0.lock();
        let gone = std::mem::take(&mut state.gone);
        let still = online.into_iter().filter(|user| !gone.contains(user));
        state.online.extend(still);
        state.begun = true;
        state.online.iter().copied().collect()
    }

    /// Somebody came or went; true if the socket does not know.
    pub fn change(&self, user: UserId, online: bool) -> bool {
        let mut state = self.0.lock();
        let moved = if online {
            state.gone.remove(&user);
            state.online.insert(user)
        } else {
            state.online.remove(&user)
        };
        if !state.begun && !online {
            state.gone.insert(user);
        }
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

#[cfg(test)]
mod tests;
