//! A gateway's promise to be alive: as long as it renews its lease, its sockets count.

mod expire;
mod release;
mod renew;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use url::Url;

pub use expire::expire;
pub use release::release;
pub use renew::renew;

/// How many sockets are taken away in one atomic step: a few milliseconds of Redis' time.
const STEP: usize = 200;

/// A text is not a gateway id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a gateway id is 1 to 64 characters of a-z, A-Z, 0-9 and -")]
pub struct GatewayIdInvalid;

/// A text is not a relay URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a relay URL is http://host:port and nothing more, of at most 256 characters")]
pub struct RelayUrlInvalid;

/// One gateway process; never used again by another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GatewayId(String);

/// Where other gateways hand requests on to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayUrl(String);

/// A gateway that lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    pub id: GatewayId,
    pub relay_url: RelayUrl,
}

/// A lease that was just renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// All gateways that live, the holder among them.
    pub gateways: Vec<Gateway>,
    /// When it ends unless renewed.
    pub ttl: Duration,
    /// The gateway had no living lease: it is new, or its sockets may have been taken away.
    pub taken: bool,
}

impl FromStr for GatewayId {
    type Err = GatewayIdInvalid;

    fn from_str(text: &str) -> Result<Self, GatewayIdInvalid> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(GatewayIdInvalid)
        }
    }
}

impl FromStr for RelayUrl {
    type Err = RelayUrlInvalid;

    fn from_str(text: &str) -> Result<Self, RelayUrlInvalid> {
        let url = Url::parse(text)
            .ok()
            .filter(|_| text.len() <= 256)
            .ok_or(RelayUrlInvalid)?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        let reachable = url.host_str().is_some() && url.port_or_known_default() != Some(0);
        if url.scheme() == "http" && bare && reachable {
            Ok(Self(text.trim_end_matches('/').to_owned()))
        } else {
            Err(RelayUrlInvalid)
        }
    }
}

impl fmt::Display for GatewayId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RelayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
