//! The keys that verify access tokens.

use std::time::SystemTime;

use super::{KeyState, SigningKey, open};
use crate::auth::Auth;
use crate::error::Error;

/// All keys whose tokens may be about, or will be, the newest first. Read anew each time: another replica
/// may have made one.
pub async fn list(auth: &Auth) -> Result<Vec<(SigningKey, KeyState)>, Error> {
    let ring = open::read(&auth.store)
        .await?
        .ok_or(Error::SigningKeyLost)?;
    let keys = ring.verifying(SystemTime::now());
    Ok(keys.map(|(key, state)| (key.clone(), state)).collect())
}
