//! What it is to be a member of a room.

pub mod check;
pub mod lead;
pub mod list;
pub mod rules;
pub mod size;

use confab_ids::{RoomId, UserId};

/// One user in one room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub room: RoomId,
    pub user: UserId,
    pub role: Role,
    pub joined_at_ms: i64,
    /// The room's revision when the user came in.
    pub joined_rev: i64,
    /// Up to which message the user has read; never above `delivered_seq`.
    pub read_seq: i64,
    /// Up to which message a device of the user has received.
    pub delivered_seq: i64,
    /// Until when they do not want to be disturbed; 0 if they may be.
    pub muted_until_ms: i64,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Member,
    Admin,
    Owner,
}

impl Role {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}
