//! The sessions of a user.

use std::time::SystemTime;

use confab_ids::UserId;

use super::Session;
use crate::auth::Auth;
use crate::error::Error;

/// How many are shown: nobody looks through more.
const MOST: usize = 100;

/// A user's live sessions, the most recently used first.
pub async fn list(auth: &Auth, user: UserId) -> Result<Vec<Session>, Error> {
    let mut sessions = auth.store.sessions().of(user, SystemTime::now()).await?;
    sessions.sort_by_key(|session| std::cmp::Reverse(session.used_at));
    sessions.truncate(MOST);
    Ok(sessions)
}
