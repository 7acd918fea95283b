//! What a session is: one login of a user, kept alive by a refresh token that changes with each use.

pub mod check;
pub mod list;
pub mod log_out;
pub mod open;
pub mod refresh;
pub mod revoke;

use std::time::{Duration, SystemTime};

use confab_ids::{SessionId, UserId};

use crate::account::Account;
use crate::refresh_token::{Family, RefreshToken, Step};

/// How many spent tokens are remembered for the grace: a client that refreshes more often within it has
/// lost its mind.
const SPENT: usize = 8;
/// How much of a `User-Agent` is kept; the longest of browsers are shorter.
const USER_AGENT: usize = 256;
/// How much of an address is kept; an IPv6 address with a zone is shorter.
const ADDRESS: usize = 64;

/// One login.
#[derive(Clone)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub family: Family,
    /// Of the token that is good now.
    pub refresh_hash: [u8; 32],
    /// Tokens that were spent a moment ago, the oldest first.
    pub spent: Vec<Spent>,
    pub created_at: SystemTime,
    /// When its token was last exchanged.
    pub used_at: SystemTime,
    pub expires_at: SystemTime,
    pub device: Device,
}

/// A token that is good no more, and what leads from it to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    pub hash: [u8; 32],
    pub at: SystemTime,
    pub step: Step,
}

/// From where somebody speaks; for their own eyes, and proof of nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    pub user_agent: String,
    pub address: String,
}

/// What a refresh token is worth.
#[derive(Debug, PartialEq, Eq)]
pub enum Worth {
    /// A new one.
    Good,
    /// The newest one, which came of it a moment ago: an answer was lost, or two asked at once.
    Newest(RefreshToken),
    /// It was spent before that, so somebody else has it, or had it: the end of the session.
    Reused,
    /// Nothing: the session never had it.
    Foreign,
}

/// What a client needs to act as a user.
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    /// How long the access token lives.
    pub expires_in: Duration,
    /// How long the refresh token lives.
    pub refresh_expires_in: Duration,
}

/// Somebody who has just shown who they are.
pub struct LoggedIn {
    pub account: Account,
    pub tokens: Tokens,
}

/// A session that has ended just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub user: UserId,
    pub session: SessionId,
}

impl Device {
    /// A device of what it says of itself, cut to a bounded length.
    pub fn new(user_agent: &str, address: &str) -> Self {
        let first = |text: &str, most| text.chars().take(most).collect();
        Self {
            user_agent: first(user_agent, USER_AGENT),
            address: first(address, ADDRESS),
        }
    }
}

impl Session {
    /// A new session of a user, and its first token.
    pub fn new(
        user: UserId,
        device: Device,
        now: SystemTime,
        ttl: Duration,
    ) -> (Self, RefreshToken) {
        let (id, family) = (SessionId::generate(), Family::generate());
        let token = RefreshToken::first(id, &family);
        let session = Self {
            id,
            user,
            family,
            refresh_hash: token.hash(),
            spent: Vec::new(),
            created_at: now,
            used_at: now,
            expires_at: now + ttl,
            device,
        };
        (session, token)
    }

    /// What a token is worth. The rule: within `grace` after its spending a token leads to the newest one,
    /// by as many steps as there were; after that it is a reuse.
    pub fn weigh(&self, token: &RefreshToken, now: SystemTime, grace: Duration) -> Worth {
        let hash = token.hash();
        if hash == self.refresh_hash {
            return Worth::Good;
        }
        if !token.is_of(&self.family) {
            return Worth::Foreign;
        }
        let Some(at) = self.spent.iter().position(|spent| spent.hash == hash) else {
            return Worth::Reused;
        };
        if !is_fresh(&self.spent[at], now, grace) {
            return Worth::Reused;
        }
        let newest = self.spent[at..].iter().fold(token.clone(), |token, spent| {
            token.next(&self.family, &spent.step)
        });
        Worth::Newest(newest)
    }

    /// Spends the good token: the one that comes of it is the good one from now on.
    pub fn spend(
        &mut self,
        token: &RefreshToken,
        now: SystemTime,
        grace: Duration,
    ) -> RefreshToken {
        let step = Step::generate();
        let next = token.next(&self.family, &step);
        self.spent.retain(|spent| is_fresh(spent, now, grace));
        let excess = (self.spent.len() + 1).saturating_sub(SPENT);
        self.spent.drain(..excess);
        self.spent.push(Spent {
            hash: self.refresh_hash,
            at: now,
            step,
        });
        self.refresh_hash = next.hash();
        self.used_at = now;
        next
    }
}

/// A clock behind the one that wrote the time has seen no time pass.
fn is_fresh(spent: &Spent, now: SystemTime, grace: Duration) -> bool {
    now.duration_since(spent.at).unwrap_or_default() < grace
}

#[cfg(test)]
mod tests;
