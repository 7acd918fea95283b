//! When a user was last seen, as auth is to store it.

mod record;

use confab_ids::UserId;

pub use record::record;

/// A user and the moment the last of their sockets went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastSeen {
    pub user: UserId,
    /// Milliseconds since the Unix epoch.
    pub at_ms: i64,
}
