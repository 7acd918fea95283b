//! What a block is: one user who wants to hear nothing of another one, in the room of the two, nor be seen.

pub mod add;
pub mod list;
pub mod remove;

use confab_ids::UserId;

/// How many one user may block.
pub const MOST: u64 = 1_000;

/// Who blocks whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub user: UserId,
    pub blocked: UserId,
}
