//! Keeping the keys current: reading what other replicas made, publishing the next key when it is due,
//! removing those that are over. Every replica does it, and none needs to be chosen.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use confab_chassis::CancellationToken;
use rand::Rng as _;

use super::ring::READ_EVERY;
use super::{SigningKey, open};
use crate::auth::Auth;
use crate::error::Error;

/// Looks after the keys until `stop`.
pub async fn follow(auth: Arc<Auth>, stop: CancellationToken) {
    // A rotation within minutes is for tests, and must be seen in time, too.
    let every = READ_EVERY.min(auth.key_rotation / 8);
    loop {
        // Replicas that started together must not look together.
        let pause = every.mul_f64(rand::rng().random_range(0.8..1.0));
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause.max(Duration::from_millis(50))) => {}
        }
        if let Err(error) = tend(&auth).await {
            tracing::warn!(%error, "cannot look after the signing keys, going on with the known ones");
        }
    }
}

async fn tend(auth: &Auth) -> Result<(), Error> {
    let keys = auth.store.signing_keys();
    let now = SystemTime::now();
    let mut ring = open::read(&auth.store)
        .await?
        .ok_or(Error::SigningKeyLost)?;
    if let Some(from) = ring.due(now, auth.key_rotation) {
        let key = SigningKey::generate(ring.last().slot + 1, from, auth.issuer.ttl());
        // The slot decides: another replica may have published the next key in this moment.
        if keys.insert(&key).await? {
            tracing::info!(key.id = key.public.id, "published the next signing key");
        }
        ring = open::read(&auth.store)
            .await?
            .ok_or(Error::SigningKeyLost)?;
    }
    let dead = ring.dead(now);
    if !dead.is_empty() {
        keys.remove(&dead).await?;
        tracing::info!(keys = dead.len(), "removed signing keys that are over");
    }
    auth.issuer.take(ring);
    Ok(())
}
