//! Which key signs: the newest one there is, or a first one made now.

use super::SigningKey;
use crate::error::Error;
use crate::store::Store;

/// Reads the key that signs. Where there is none, makes one; of replicas that start together, one
/// stores its key and the others read that.
pub async fn open(store: &Store) -> Result<SigningKey, Error> {
    if let Some(key) = newest(store).await? {
        return Ok(key);
    }
    let key = SigningKey::generate();
    if store.signing_keys().insert(&key).await? {
        tracing::info!(key.id = key.public.id, "made the first signing key");
        return Ok(key);
    }
    // The slot was taken between the look and the insert: read the winner's.
    newest(store).await?.ok_or(Error::SigningKeyLost)
}

async fn newest(store: &Store) -> Result<Option<SigningKey>, Error> {
    let keys = store.signing_keys().list().await?;
    let Some(key) = keys.into_iter().max_by_key(|key| key.slot) else {
        return Ok(None);
    };
    key.check()?;
    Ok(Some(key))
}
