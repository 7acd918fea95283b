//! People change how they are seen.

use confab_ids::UserId;

use super::Account;
use crate::auth::Auth;
use crate::error::Error;
use crate::profile::ProfileChange;

/// Whose profile shall change, and how.
#[derive(Debug)]
pub struct UpdateProfile {
    pub user: UserId,
    pub change: ProfileChange,
}

/// Changes a profile and answers the whole of it.
pub async fn update_profile(auth: &Auth, command: UpdateProfile) -> Result<Account, Error> {
    let UpdateProfile { user, change } = command;
    let changed = auth.store.users().change_profile(user, &change).await?;
    changed.ok_or(Error::UserNotFound)
}
