//! Another key signs, from now on.

use std::time::SystemTime;

use super::{KeyState, SigningKey, open};
use crate::auth::Auth;
use crate::error::Error;

/// Brings the next key forward, or makes one. Of two who rotate at once on two replicas, one makes the key
/// and both are told of it. The other replicas sign with it when they read the keys next; until then the
/// tokens of the key before are as good.
pub async fn rotate(auth: &Auth) -> Result<(SigningKey, KeyState), Error> {
    let keys = auth.store.signing_keys();
    let now = SystemTime::now();
    let ring = open::read(&auth.store)
        .await?
        .ok_or(Error::SigningKeyLost)?;
    let last = ring.last();
    if last.active_from > now {
        keys.activate(last.slot, now).await?;
    } else {
        let key = SigningKey::generate(last.slot + 1, now, auth.issuer.ttl());
        keys.insert(&key).await?;
    }
    let ring = open::read(&auth.store)
        .await?
        .ok_or(Error::SigningKeyLost)?;
    let active = ring.active(SystemTime::now()).clone();
    tracing::info!(key.id = active.public.id, "rotated the signing keys");
    auth.issuer.take(ring);
    Ok((active, KeyState::Active))
}
