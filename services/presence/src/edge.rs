//! The moment at which a user comes online or goes offline.

mod announce;

use confab_ids::UserId;

pub use announce::{announce, announce_due};

/// Which way it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Online,
    Offline,
}

/// A user's first socket came, or the last one went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    pub user: UserId,
    pub direction: Direction,
    /// When it happened, in microseconds on Redis' clock. An edge that is told twice has the same
    /// version twice, so that a receiver can tell.
    pub version: i64,
}

impl Edge {
    pub const fn online(user: UserId, version: i64) -> Self {
        Self {
            user,
            direction: Direction::Online,
            version,
        }
    }

    pub const fn offline(user: UserId, version: i64) -> Self {
        Self {
            user,
            direction: Direction::Offline,
            version,
        }
    }

    /// When the user was last seen, in milliseconds; 0 while online.
    pub const fn last_seen_at_ms(&self) -> i64 {
        match self.direction {
            Direction::Online => 0,
            Direction::Offline => self.version / 1_000,
        }
    }
}

#[cfg(test)]
mod tests;
