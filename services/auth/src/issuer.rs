//! Makes access tokens: claims signed with the key whose time it is.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use parking_lot::RwLock;

use crate::keys::ring::Ring;
use crate::token::{Bearer, Claims};

/// Signs access tokens. Its `Debug` is missing on purpose.
pub struct Issuer {
    keys: RwLock<Arc<Ring>>,
    name: String,
    ttl: Duration,
}

impl Issuer {
    /// An issuer that signs with keys that were checked, under the name `iss`.
    pub fn new(keys: Ring, name: String, ttl: Duration) -> Self {
        Self {
            keys: RwLock::new(Arc::new(keys)),
            name,
            ttl,
        }
    }

    /// Signs with these keys from now on.
    pub fn take(&self, keys: Ring) {
        *self.keys.write() = Arc::new(keys);
    }

    /// How long a token lives.
    pub const fn ttl(&self) -> Duration {
        self.ttl
    }

    /// A new token that lives from `now`.
    pub fn issue(&self, bearer: Bearer<'_>, now: SystemTime) -> String {
        let keys = self.keys.read().clone();
        let key = keys.active(now);
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key.public.id.clone());
        let claims = Claims::new(bearer, &self.name, now, self.ttl);
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&key.private))
            .expect("the key was checked when it was read, and claims are plain JSON")
    }
}

#[cfg(test)]
mod tests;
