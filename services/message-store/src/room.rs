//! What a room is.

pub mod change;
pub mod create;
mod image;
pub mod list;
mod name;
pub mod pair;
pub mod party;
pub mod resume;
pub mod retain;
mod retention;
pub mod see;
pub mod step;
mod trim;

use confab_ids::{RoomId, UserId};

pub use image::ImageUrl;
pub use name::RoomName;
pub use retention::Retention;

use crate::log::{Head, Trimmed};
use crate::member::Member;
use crate::message::Message;

/// How many members are named with the room itself.
pub const FIRST_MEMBERS: usize = 10;

/// A room as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    pub id: RoomId,
    pub name: RoomName,
    pub is_group: bool,
    pub created_by: UserId,
    pub created_at_ms: i64,
    pub member_count: i32,
    /// At most [`FIRST_MEMBERS`].
    pub first_members: Vec<UserId>,
    pub image: ImageUrl,
    /// What the head was a while ago: the head is there or further on.
    pub head_hint: Head,
    /// When something happened in it, as of a while ago.
    pub active_hint_ms: i64,
    /// What its owner has it keep; the service may keep less.
    pub retention: Retention,
    /// Where its log begins.
    pub trimmed: Trimmed,
}

/// A room as one of its members sees it.
#[derive(Clone, Debug)]
pub struct RoomView {
    pub room: Room,
    pub head: Head,
    pub last_message: Option<Message>,
    pub member: Member,
}

impl RoomView {
    /// When something last happened in it.
    #[must_use]
    pub fn active_at_ms(&self) -> i64 {
        // The last message may be kept no longer.
        let otherwise = self.room.created_at_ms.max(self.room.active_hint_ms);
        self.last_message
            .as_ref()
            .map_or(otherwise, |last| last.created_at_ms)
    }

    /// How many of the messages that are kept the member has not read.
    #[must_use]
    pub fn unread(&self) -> i64 {
        let read = self.member.read_seq.max(self.room.trimmed.seq);
        (self.head.seq - read).max(0)
    }

    /// The first members; in a room of two the other one comes first.
    #[must_use]
    pub fn first_members(&self) -> Vec<UserId> {
        let mut members = self.room.first_members.clone();
        if !self.room.is_group {
            members.sort_by_key(|user| *user == self.member.user);
        }
        members
    }
}

#[cfg(test)]
mod tests;
