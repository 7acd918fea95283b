//! What goes out to sockets: events as JSON, found once for all sockets of a dialect.

use std::cell::OnceCell;

use confab_ids::UserId;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::{COUNT, Dialect, Told};

/// One event with its argument.
pub struct Packet {
    /// The event's name.
    pub event: &'static str,
    /// Its argument.
    pub payload: Box<RawValue>,
    to: To,
}

/// Whom it is for, among those who are told.
enum To {
    Everybody,
    Only(UserId),
    AllBut(UserId),
}

impl Packet {
    /// An event for everybody; none if it cannot be written, which does not happen to what was read.
    pub fn new<T: Serialize + ?Sized>(event: &'static str, payload: &T) -> Option<Self> {
        let payload = to_raw_value(payload).ok()?;
        let to = To::Everybody;
        Some(Self { event, payload, to })
    }

    /// The same for one user alone.
    pub fn only(self, user: UserId) -> Self {
        let to = To::Only(user);
        Self { to, ..self }
    }

    /// The same for all others.
    pub fn all_but(self, user: UserId) -> Self {
        let to = To::AllBut(user);
        Self { to, ..self }
    }

    /// Whether it is for a user.
    pub fn is_for(&self, user: UserId) -> bool {
        match self.to {
            To::Everybody => true,
            To::Only(one) => one == user,
            To::AllBut(one) => one != user,
        }
    }
}

/// What is told, in the words of each dialect that somebody wants it in.
#[derive(Default)]
pub struct Packets([OnceCell<Vec<Packet>>; COUNT]);

impl Packets {
    /// In the words of a dialect: they are found at the first that asks.
    pub fn of<'a>(&self, dialect: Dialect, told: impl FnOnce() -> Told<'a>) -> &[Packet] {
        self.0[dialect.0].get_or_init(|| dialect.vocabulary().tell(&told()))
    }

    /// Whether somebody wanted it in a dialect.
    #[cfg(test)]
    pub fn knows(&self, dialect: Dialect) -> bool {
        self.0[dialect.0].get().is_some()
    }
}
