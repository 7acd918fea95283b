//! What every verb is given: the store, the hasher, the issuer.

use std::time::Duration;

use crate::issuer::Issuer;
use crate::password::hasher::Hasher;
use crate::store::Store;

/// The service's own parts, made once at start.
pub struct Auth {
    pub store: Store,
    pub hasher: Hasher,
    pub issuer: Issuer,
    /// How long a session lives that nobody refreshes.
    pub refresh_token_ttl: Duration,
    /// How long after its spending a refresh token still leads to what came of it.
    pub refresh_reuse_grace: Duration,
    /// How long a key signs.
    pub key_rotation: Duration,
}
