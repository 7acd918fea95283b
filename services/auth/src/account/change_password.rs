//! Another password, and the end of all logins that were made with the one before.

use confab_ids::{SessionId, UserId};

use crate::auth::Auth;
use crate::error::Error;
use crate::password::Password;
use crate::session::revoke;

/// Whose password shall change, and to what.
#[derive(Debug)]
pub struct ChangePassword {
    pub user: UserId,
    /// The login that asks: it stays.
    pub session: SessionId,
    pub current: Password,
    pub new: Password,
}

/// Changes a password, and answers which sessions have ended.
pub async fn change_password(
    auth: &Auth,
    command: ChangePassword,
) -> Result<Vec<SessionId>, Error> {
    command.new.check()?;
    let users = auth.store.users();
    let before = users.password_hash(command.user).await?;
    let before = before.ok_or(Error::UserNotFound)?;
    if before.is_empty() {
        // Who logs in elsewhere has no password here.
        return Err(Error::PasswordWrong);
    }
    let matches = auth.hasher.verify(command.current, Some(before.clone()));
    if !matches.await? {
        return Err(Error::PasswordWrong);
    }
    let after = auth.hasher.hash(command.new).await?;
    // Of two who change it at once, the second one no longer knows the current password.
    if !users
        .replace_password_hash(command.user, before, after)
        .await?
    {
        return Err(Error::PasswordWrong);
    }
    tracing::info!(user.id = %command.user, "changed a password");
    revoke::revoke_others(auth, command.user, Some(command.session)).await
}
