//! What is counted, and of whom. No I/O.

use std::fmt;

use confab_ids::UserId;

use super::client_address::ClientAddress;

/// What is counted; `settings.rs` says how much of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// A user's messages, by whatever door.
    Messages,
    /// The same for clients of `social`, whose seed has a number of its own.
    SocialMessages,
    /// What a user says of their typing, as far as it is passed on.
    Typing,
    /// All that a user does: events of sockets, requests.
    Events,
    /// Connections from an address.
    Handshakes,
    /// Sign-ups from an address.
    SignUps,
    /// Logins from an address, good and bad.
    LogIns,
    /// Wrong passwords for one account from one address.
    LogInFailures,
    /// Wrong passwords for one account from all addresses that it was never logged in from.
    AccountFailures,
    /// Renewals of sessions from an address.
    Refreshes,
    /// Requests from an address.
    Rest,
}

impl Budget {
    /// Its name in Redis and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::SocialMessages => "messages_social",
            Self::Typing => "typing",
            Self::Events => "events",
            Self::Handshakes => "handshakes",
            Self::SignUps => "signups",
            Self::LogIns => "logins",
            Self::LogInFailures => "login_failures",
            Self::AccountFailures => "account_failures",
            Self::Refreshes => "refreshes",
            Self::Rest => "rest",
        }
    }

    /// What there were too many of, for people.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Messages | Self::SocialMessages => "messages",
            Self::Typing => "typing events",
            Self::Events => "events and requests",
            Self::Handshakes => "connections from this address",
            Self::SignUps => "sign-ups from this address",
            Self::LogIns => "logins from this address",
            Self::LogInFailures | Self::AccountFailures => "failed logins",
            Self::Refreshes => "renewals from this address",
            Self::Rest => "requests from this address",
        }
    }

    /// What an event on a socket is charged with, before it is looked at more closely.
    pub fn of_event(name: &str) -> &'static [Self] {
        match name {
            "message:send" => &[Self::Events, Self::Messages],
            _ => &[Self::Events],
        }
    }

    /// What a request is charged with for the address that it came from. `route` may have a dialect's
    /// name before it. Pages, documents and keys are for free, as caches hold them.
    pub fn of_request(route: &str) -> &'static [Self] {
        let Some((_, rest)) = route.split_once("/api/") else {
            return &[];
        };
        match rest {
            "auth/signup" | "auth/register" => &[Self::Rest, Self::SignUps],
            "auth/login" | "auth/signin" => &[Self::Rest, Self::LogIns],
            "auth/refresh" => &[Self::Rest, Self::Refreshes],
            _ => &[Self::Rest],
        }
    }
}

/// Whose budgets they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Somebody who has proved who they are.
    User(UserId),
    /// Whoever is behind an address.
    Address(ClientAddress),
    /// An account that somebody wants to log in to, by the digest of what they call it.
    Account(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::Address(address) => write!(f, "address:{}", address.network()),
            Self::Account(digest) => write!(f, "account:{digest}"),
        }
    }
}
