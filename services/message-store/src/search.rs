//! Searching: which words a message has, and what a query asks for.

pub mod find;
pub mod index;
pub mod terms;

use confab_ids::{MessageId, RoomId, UserId};

pub use terms::Terms;

/// What is searched for, and where.
#[derive(Clone, Debug)]
pub struct Search {
    pub user: UserId,
    pub terms: Terms,
    /// Only here; none means in all rooms of the user.
    pub room: Option<RoomId>,
    /// Only what this user sent.
    pub from: Option<UserId>,
    /// Created at this moment or later.
    pub since_ms: Option<i64>,
    /// Created before this moment.
    pub until_ms: Option<i64>,
    /// Only messages with lower ids: where the page before ended.
    pub before: Option<MessageId>,
    pub limit: usize,
}
