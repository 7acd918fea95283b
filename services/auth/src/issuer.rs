//! Makes access tokens: claims signed with the current key.

use std::time::{Duration, SystemTime};

use jsonwebtoken::{Algorithm, EncodingKey, Header};

use crate::keys::SigningKey;
use crate::token::{Bearer, Claims};

/// Signs access tokens. Its `Debug` is missing on purpose.
pub struct Issuer {
    key: EncodingKey,
    header: Header,
    name: String,
    ttl: Duration,
}

impl Issuer {
    /// An issuer that signs with a key that was checked, under the name `iss`.
    pub fn new(key: &SigningKey, name: String, ttl: Duration) -> Self {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key.public.id.clone());
        Self {
            key: EncodingKey::from_ed_der(&key.private),
            header,
            name,
            ttl,
        }
    }

    /// How long a token lives.
    pub const fn ttl(&self) -> Duration {
        self.ttl
    }

    /// A new token that lives from `now`.
    pub fn issue(&self, bearer: Bearer<'_>, now: SystemTime) -> String {
        let claims = Claims::new(bearer, &self.name, now, self.ttl);
        jsonwebtoken::encode(&self.header, &claims, &self.key)
            .expect("the key was checked when it was opened, and claims are plain JSON")
    }
}

#[cfg(test)]
mod tests;
