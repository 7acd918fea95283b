//! What can go wrong, as one service tells another: a [`Kind`] out of a closed list, a stable reason,
//! and a detail fit for the public.
//!
//! This crate knows gRPC, the language between services, and no other outside language: HTTP and
//! Socket.IO are the gateway's.
#![warn(missing_docs)]

mod kind;
mod status;

use std::borrow::Cow;
use std::time::Duration;

pub use kind::Kind;

/// When to come back to what is unavailable, where nothing better is known.
const PASSING: Duration = Duration::from_secs(1);

/// A failure that may travel to a peer and on to a client: it carries no source text, no file
/// position and no value that only an operator may see.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {detail}")]
pub struct Fault {
    kind: Kind,
    reason: Cow<'static, str>,
    detail: Cow<'static, str>,
    retry_after: Option<Duration>,
}

impl Fault {
    /// A fault of a kind, with its stable reason (`ROOM_NOT_FOUND`) and one lower-case sentence for
    /// people. What is unavailable did not happen: come back after a second, if nothing else is said.
    #[must_use]
    pub fn new(
        kind: Kind,
        reason: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            kind,
            reason: reason.into(),
            detail: detail.into(),
            retry_after: matches!(kind, Kind::Unavailable).then_some(PASSING),
        }
    }

    /// The same fault, saying when to come back.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// The same fault for who cannot repeat safely: where nobody knows whether it happened, it does not say
    /// when to come back.
    #[must_use]
    pub fn not_to_be_repeated(mut self) -> Self {
        if matches!(self.kind, Kind::Timeout) {
            self.retry_after = None;
        }
        self
    }

    /// What sort of failure it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The stable word for it, in upper case: `ROOM_NOT_FOUND`.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// One sentence for people.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// When to come back, if it is worth trying again.
    #[must_use]
    pub const fn wait(&self) -> Option<Duration> {
        self.retry_after
    }

    /// A text field of a request that is not what it must be.
    #[must_use]
    pub fn invalid(reason: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Invalid, reason, detail)
    }
}

#[cfg(test)]
mod tests;
