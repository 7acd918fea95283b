//! What can go wrong in presence, and what that is to a caller.

use confab_fault::{Fault, Kind};
use confab_ids::IdInvalid;

use crate::connection::ConnectionIdInvalid;
use crate::lease::{GatewayIdInvalid, RelayUrlInvalid};
use crate::query::MOST_USERS;
use crate::store::StoreError;

/// Why presence did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the user id is invalid")]
    UserId(#[from] IdInvalid),
    #[error(transparent)]
    ConnectionId(#[from] ConnectionIdInvalid),
    #[error(transparent)]
    GatewayId(#[from] GatewayIdInvalid),
    #[error(transparent)]
    RelayUrl(#[from] RelayUrlInvalid),
    #[error("a query names at most {MOST_USERS} users, each by 24 hex digits")]
    UserIdsInvalid,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        match error {
            Error::UserId(source) => Self::invalid("USER_ID_INVALID", source.to_string()),
            Error::ConnectionId(source) => {
                Self::invalid("CONNECTION_ID_INVALID", source.to_string())
            }
            Error::GatewayId(source) => Self::invalid("GATEWAY_ID_INVALID", source.to_string()),
            Error::RelayUrl(source) => Self::invalid("RELAY_URL_INVALID", source.to_string()),
            Error::UserIdsInvalid => Self::invalid("USER_IDS_INVALID", error.to_string()),
            Error::Store(StoreError::Unavailable(_)) => Self::new(
                Kind::Unavailable,
                "PRESENCE_UNKNOWN",
                "nobody knows who is online now",
            ),
            Error::Store(StoreError::Refused(_)) => Self::new(
                Kind::Internal,
                "INTERNAL",
                "something went wrong on our side",
            ),
        }
    }
}
