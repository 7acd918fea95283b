//! The keys at the start: those that are stored, or a first one made now.

use std::time::{Duration, SystemTime};

use super::ring::Ring;
use super::{FIRST_SLOT, SigningKey};
use crate::error::Error;
use crate::store::Store;

/// Reads the keys. Where there is none, makes one; of replicas that start together, one stores its key and
/// the others read that. Tokens that live for `ttl` will be signed with them.
pub async fn open(store: &Store, ttl: Duration) -> Result<Ring, Error> {
    if read(store).await?.is_none() {
        let key = SigningKey::generate(FIRST_SLOT, SystemTime::now(), ttl);
        if store.signing_keys().insert(&key).await? {
            tracing::info!(key.id = key.public.id, "made the first signing key");
        }
    }
    // A key stays until the longest token is over that any replica, configured before or after, signs.
    store.signing_keys().extend(ttl).await?;
    read(store).await?.ok_or(Error::SigningKeyLost)
}

/// Reads the keys that are stored, and checks those that sign or will.
pub async fn read(store: &Store) -> Result<Option<Ring>, Error> {
    let Some(ring) = Ring::new(store.signing_keys().list().await?) else {
        return Ok(None);
    };
    ring.active(SystemTime::now()).check()?;
    ring.last().check()?;
    Ok(Some(ring))
}
