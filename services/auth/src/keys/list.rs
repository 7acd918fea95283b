//! The keys that verify access tokens.

use super::PublicKey;
use crate::auth::Auth;
use crate::error::Error;

/// The public halves of all keys, the newest first. Read anew each time: another replica may have
/// made one.
pub async fn list(auth: &Auth) -> Result<Vec<PublicKey>, Error> {
    let mut keys = auth.store.signing_keys().list().await?;
    keys.sort_by_key(|key| std::cmp::Reverse(key.slot));
    Ok(keys.into_iter().map(|key| key.public).collect())
}
