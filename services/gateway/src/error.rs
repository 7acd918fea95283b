//! What the gateway itself refuses, and what its peers do.

use std::time::Duration;

use confab_fault::{Fault, Kind};

use crate::media::MediaError;
use crate::rate_limit::Exhausted;

/// Why a request or an event was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody said who is asking.
    #[error("no access token was given")]
    TokenMissing,
    /// The access token does not prove who is asking.
    #[error("the access token is not valid: {0}")]
    TokenInvalid(&'static str),
    /// A field is missing or not what it must be.
    #[error("{name}: {detail}")]
    Field {
        /// The field, as the client wrote it.
        name: &'static str,
        /// What it must be.
        detail: &'static str,
    },
    /// The body or payload is not the JSON that was asked for.
    #[error("the payload cannot be read: {0}")]
    PayloadUnreadable(String),
    /// No such event.
    #[error("there is no event {0:?}")]
    EventUnknown(String),
    /// The socket has too many events under way.
    #[error("too many events of this socket wait, or this one has waited for too long")]
    TooManyInFlight,
    /// A budget has not enough left.
    #[error(transparent)]
    RateLimited(#[from] Exhausted),
    /// A newer token is not of the socket's own session.
    #[error("the token is of another user or session")]
    SessionMismatch,
    /// A cookie came from a page that is not ours.
    #[error("the origin is not among those that may use the cookie")]
    OriginForbidden,
    /// Neither the body nor a cookie has a refresh token.
    #[error("no refresh token was given")]
    RefreshTokenMissing,
    /// The refresh token had been spent before: the session is over.
    #[error("the refresh token had been used before, its session is revoked")]
    RefreshTokenReused,
    /// The other one of a room of two blocks the caller.
    #[error("this user does not take messages from you")]
    Blocked,
    /// There is no such user.
    #[error("there is no such user")]
    UserNotFound,
    /// The socket is not in that room.
    #[error("there is no such room")]
    RoomNotFound,
    /// There is no such message, or it is in no room of the caller.
    #[error("there is no such message")]
    MessageNotFound,
    /// Something about an upload.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// What a peer answered.
    #[error(transparent)]
    Peer(#[from] Fault),
}

impl Error {
    /// A field that is missing or not what it must be.
    pub const fn field(name: &'static str, detail: &'static str) -> Self {
        Self::Field { name, detail }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::TokenMissing => Self::new(Kind::Unauthenticated, "TOKEN_MISSING", detail),
            Error::TokenInvalid(_) => Self::new(Kind::Unauthenticated, "TOKEN_INVALID", detail),
            Error::Field { .. } => Self::new(Kind::Invalid, "FIELD_INVALID", detail),
            Error::PayloadUnreadable(_) => Self::new(Kind::Invalid, "PAYLOAD_UNREADABLE", detail),
            Error::EventUnknown(_) => Self::new(Kind::Invalid, "UNKNOWN_EVENT", detail),
            Error::TooManyInFlight => Self::new(Kind::Limited, "TOO_MANY_IN_FLIGHT", detail)
                .retry_after(Duration::from_secs(1)),
            Error::RateLimited(exhausted) => {
                let fault = Self::new(Kind::Limited, "RATE_LIMITED", detail);
                match exhausted.standing.retry_after {
                    Some(wait) => fault.retry_after(wait),
                    None => fault,
                }
            }
            Error::SessionMismatch => Self::new(Kind::Forbidden, "SESSION_MISMATCH", detail),
            Error::OriginForbidden => Self::new(Kind::Forbidden, "ORIGIN_FORBIDDEN", detail),
            Error::RefreshTokenMissing => {
                Self::new(Kind::Unauthenticated, "REFRESH_TOKEN_MISSING", detail)
            }
            Error::RefreshTokenReused => {
                Self::new(Kind::Unauthenticated, "REFRESH_TOKEN_REUSED", detail)
            }
            Error::Blocked => Self::new(Kind::Forbidden, "BLOCKED", detail),
            Error::UserNotFound => Self::new(Kind::NotFound, "USER_NOT_FOUND", detail),
            Error::RoomNotFound => Self::new(Kind::NotFound, "ROOM_NOT_FOUND", detail),
            Error::MessageNotFound => Self::new(Kind::NotFound, "MESSAGE_NOT_FOUND", detail),
            Error::Media(error) => Self::from(&error),
            Error::Peer(fault) => fault,
        }
    }
}
