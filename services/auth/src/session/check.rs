//! Which sessions are live.

use std::time::SystemTime;

use confab_ids::SessionId;

use crate::auth::Auth;
use crate::error::Error;

/// How many are looked up at once.
pub const MAX: usize = 1_000;

/// Those of `sessions` that have neither ended nor expired.
pub async fn check(auth: &Auth, sessions: &[SessionId]) -> Result<Vec<SessionId>, Error> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    Ok(auth
        .store
        .sessions()
        .live(sessions, SystemTime::now())
        .await?)
}
