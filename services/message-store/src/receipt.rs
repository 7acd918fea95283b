//! How far a member has come: what was delivered to them, what they have read.

pub mod advance;
pub mod list;
pub mod readers;

use confab_ids::{MessageId, UserId};

/// When a member has received and read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    pub user: UserId,
    pub delivered_at_ms: i64,
    /// 0 if they have not.
    pub read_at_ms: i64,
}

/// A cursor came so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub seq: i64,
    pub at_ms: i64,
}

/// How far a member has come, the oldest move first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipts {
    pub user: UserId,
    pub delivered: Vec<Move>,
    pub read: Vec<Move>,
}

/// Where a member's cursors are after one was to be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised {
    /// False if it was there already, or further on.
    pub moved: bool,
    pub previous_read_seq: i64,
    pub read_seq: i64,
    pub delivered_seq: i64,
}

/// Which of a member's two cursors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    Delivered,
    /// What was read was delivered too.
    Read,
}

/// How far a cursor is to be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    Seq(i64),
    Message(MessageId),
}
