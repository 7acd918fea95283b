//! What it is to be a member of a room.

pub mod check;
pub mod lead;
pub mod list;

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
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Member,
    Admin,
    Owner,
}
