//! How far a member has come: what was delivered to them, what they have read.

pub mod advance;

use confab_ids::MessageId;

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
