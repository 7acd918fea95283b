//! What an access token says. Signing it is the issuer's business.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use confab_ids::{SessionId, UserId};
use serde::{Deserialize, Serialize};

/// Whom our tokens are for; a token of the same issuer for another service is not ours.
pub const AUDIENCE: &str = "confab";

/// The claims of an access token (RFC 7519), times in seconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub sub: UserId,
    pub sid: SessionId,
    pub username: String,
    pub iss: String,
    pub aud: String,
    pub iat: u64,
    pub exp: u64,
}

/// Whose token it is, in which session.
#[derive(Clone, Copy, Debug)]
pub struct Bearer<'a> {
    pub user: UserId,
    pub username: &'a str,
    pub session: SessionId,
}

impl Claims {
    pub fn new(bearer: Bearer<'_>, issuer: &str, now: SystemTime, ttl: Duration) -> Self {
        let iat = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Self {
            sub: bearer.user,
            sid: bearer.session,
            username: bearer.username.to_owned(),
            iss: issuer.to_owned(),
            aud: AUDIENCE.to_owned(),
            iat,
            exp: iat + ttl.as_secs(),
        }
    }
}

#[cfg(test)]
mod tests;
