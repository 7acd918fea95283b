//! When people were last seen, as presence tells it.

use std::time::SystemTime;

use super::LastSeen;
use crate::auth::Auth;
use crate::error::Error;

/// How many are recorded at once: what one sweep of a lost gateway may bring.
pub const MAX: usize = 1_000;

/// Moves the users' times forward, never back; unknown users are passed over.
pub async fn record_last_seen(auth: &Auth, mut seen: Vec<LastSeen>) -> Result<(), Error> {
    // A peer's clock that runs ahead would set a time that nothing could move for as long.
    let now = SystemTime::now();
    for one in &mut seen {
        one.at = one.at.min(now);
    }
    if seen.is_empty() {
        Ok(())
    } else {
        Ok(auth.store.users().record_last_seen(&seen).await?)
    }
}
