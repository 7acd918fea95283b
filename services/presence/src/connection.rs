//! One socket of a user, held by a gateway.

mod connect;
mod disconnect;

use std::fmt;
use std::str::FromStr;

use confab_ids::UserId;

use crate::lease::GatewayId;

pub use connect::connect;
pub use disconnect::disconnect;

/// How long a connection id may be; Socket.IO's have 16 to 20 characters.
const LONGEST_ID: usize = 64;

/// A text is not a connection id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a connection id is 1 to {LONGEST_ID} visible ASCII characters")]
pub struct ConnectionIdInvalid;

/// The Socket.IO session id: random, never used again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConnectionId(String);

/// One socket of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    pub user: UserId,
    pub id: ConnectionId,
    pub gateway: GatewayId,
}

impl FromStr for ConnectionId {
    type Err = ConnectionIdInvalid;

    fn from_str(text: &str) -> Result<Self, ConnectionIdInvalid> {
        let fits = (1..=LONGEST_ID).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ConnectionIdInvalid)
        }
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
