//! The end of sessions, by their user.

use std::time::SystemTime;

use confab_ids::{SessionId, UserId};

use crate::auth::Auth;
use crate::error::Error;

/// Ends one session of a user.
pub async fn revoke(auth: &Auth, user: UserId, session: SessionId) -> Result<(), Error> {
    match auth.store.sessions().end(user, &[session]).await? {
        0 => Err(Error::SessionNotFound),
        _ => Ok(()),
    }
}

/// Ends all sessions of a user but one, and answers which. One that is opened meanwhile stays.
pub async fn revoke_others(
    auth: &Auth,
    user: UserId,
    kept: Option<SessionId>,
) -> Result<Vec<SessionId>, Error> {
    let sessions = auth.store.sessions();
    let mut ended = Vec::new();
    // A reading is bounded, a user's sessions are not.
    loop {
        let found = sessions.of(user, SystemTime::now()).await?;
        let others: Vec<_> = found
            .into_iter()
            .map(|session| session.id)
            .filter(|id| Some(*id) != kept)
            .collect();
        if others.is_empty() {
            return Ok(ended);
        }
        sessions.end(user, &others).await?;
        ended.extend(others);
    }
}
