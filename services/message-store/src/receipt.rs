//! How far a member has come: what was delivered to them, what they have read.

pub mod advance;

/// Which of a member's two cursors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    Delivered,
    /// What was read was delivered too.
    Read,
}
