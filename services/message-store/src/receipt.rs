//! How far a member has come: what was delivered to them, what they have read.

pub mod advance;
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
