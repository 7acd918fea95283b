//! All that can go wrong here, in words of accounts and sessions, and what the other services hear.

use confab_fault::{Fault, Kind};

use crate::email::EmailInvalid;
use crate::external::ExternalInvalid;
use crate::keys::KeyBroken;
use crate::password::PasswordInvalid;
use crate::password::hasher::HashError;
use crate::profile::{AvatarUrlInvalid, BioInvalid, DisplayNameInvalid};
use crate::query::QueryInvalid;
use crate::store::StoreError;
use crate::username::UsernameInvalid;

/// Why a call fails.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    UsernameInvalid(#[from] UsernameInvalid),
    #[error(transparent)]
    EmailInvalid(#[from] EmailInvalid),
    #[error(transparent)]
    PasswordInvalid(#[from] PasswordInvalid),
    #[error(transparent)]
    DisplayNameInvalid(#[from] DisplayNameInvalid),
    #[error(transparent)]
    AvatarUrlInvalid(#[from] AvatarUrlInvalid),
    #[error(transparent)]
    BioInvalid(#[from] BioInvalid),
    #[error("there is no such visibility")]
    LastSeenVisibilityInvalid,
    #[error(transparent)]
    ExternalInvalid(#[from] ExternalInvalid),
    #[error(transparent)]
    QueryInvalid(#[from] QueryInvalid),
    #[error("user ids are at most 500, each of 24 hex digits")]
    UserIdsInvalid,
    #[error("usernames are at most 100")]
    UsernamesInvalid,
    #[error("a user id is 24 hex digits")]
    UserIdInvalid,
    #[error("a session id is 24 hex digits")]
    SessionIdInvalid,
    #[error("session ids are at most 1000, each of 24 hex digits")]
    SessionIdsInvalid,
    #[error("nobody can block themselves")]
    BlockInvalid,
    #[error("nobody can block more than 1000 users")]
    BlocksTooMany,
    #[error("a caller id is 24 hex digits, or empty")]
    CallerIdInvalid,
    #[error("at most 1000 users are recorded at once, each with an id and a time after 1970")]
    LastSeenInvalid,
    #[error("this username is taken")]
    UsernameTaken,
    #[error("this e-mail address has an account already")]
    EmailTaken,
    #[error("the username, the e-mail address or the password is wrong")]
    CredentialsWrong,
    #[error("the refresh token is spent, expired, or none of ours")]
    RefreshTokenInvalid,
    #[error("the current password is wrong")]
    PasswordWrong,
    #[error("there is no such session")]
    SessionNotFound,
    #[error("there is no such user")]
    UserNotFound,
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    KeyBroken(#[from] KeyBroken),
    #[error("the signing keys were there and are gone")]
    SigningKeyLost,
}

/// What may be said of a defect of ours.
const INTERNAL: &str = "something went wrong on our side";

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        use Kind::{
            Exists, Forbidden, Internal, Invalid, Limited, NotFound, Precondition, Timeout,
            Unauthenticated, Unavailable,
        };

        let (kind, reason) = match error {
            Error::UsernameInvalid(_) => (Invalid, "USERNAME_INVALID"),
            Error::EmailInvalid(_) => (Invalid, "EMAIL_INVALID"),
            Error::PasswordInvalid(_) => (Invalid, "PASSWORD_INVALID"),
            Error::DisplayNameInvalid(_) => (Invalid, "DISPLAY_NAME_INVALID"),
            Error::AvatarUrlInvalid(_) => (Invalid, "AVATAR_URL_INVALID"),
            Error::BioInvalid(_) => (Invalid, "BIO_INVALID"),
            Error::LastSeenVisibilityInvalid => (Invalid, "LAST_SEEN_VISIBILITY_INVALID"),
            Error::ExternalInvalid(_) => (Invalid, "EXTERNAL_INVALID"),
            Error::QueryInvalid(_) => (Invalid, "QUERY_INVALID"),
            Error::UserIdsInvalid => (Invalid, "USER_IDS_INVALID"),
            Error::UsernamesInvalid => (Invalid, "USERNAMES_INVALID"),
            Error::UserIdInvalid => (Invalid, "USER_ID_INVALID"),
            Error::SessionIdInvalid => (Invalid, "SESSION_ID_INVALID"),
            Error::SessionIdsInvalid => (Invalid, "SESSION_IDS_INVALID"),
            Error::BlockInvalid => (Invalid, "BLOCK_INVALID"),
            Error::BlocksTooMany => (Precondition, "BLOCKS_TOO_MANY"),
            Error::CallerIdInvalid => (Invalid, "CALLER_ID_INVALID"),
            Error::LastSeenInvalid => (Invalid, "LAST_SEEN_INVALID"),
            Error::UsernameTaken => (Exists, "USERNAME_TAKEN"),
            Error::EmailTaken => (Exists, "EMAIL_TAKEN"),
            Error::CredentialsWrong => (Unauthenticated, "CREDENTIALS_WRONG"),
            Error::RefreshTokenInvalid => (Unauthenticated, "REFRESH_TOKEN_INVALID"),
            Error::PasswordWrong => (Forbidden, "PASSWORD_WRONG"),
            Error::SessionNotFound => (NotFound, "SESSION_NOT_FOUND"),
            Error::UserNotFound => (NotFound, "USER_NOT_FOUND"),
            Error::Hash(HashError::Busy { retry_after }) => {
                return Self::new(Limited, "PASSWORD_HASHING_BUSY", "too many logins at once")
                    .retry_after(*retry_after);
            }
            Error::Store(StoreError::Timeout(_)) => {
                return Self::new(Timeout, "DEADLINE_EXCEEDED", "it took too long");
            }
            Error::Store(StoreError::Unavailable(_)) => {
                return Self::new(Unavailable, "UNAVAILABLE", "the accounts cannot be reached");
            }
            Error::Hash(HashError::Bcrypt(_) | HashError::Abandoned(_))
            | Error::Store(StoreError::Broken(_))
            | Error::KeyBroken(_)
            | Error::SigningKeyLost => return Self::new(Internal, "INTERNAL", INTERNAL),
        };
        Self::new(kind, reason, error.to_string())
    }
}
