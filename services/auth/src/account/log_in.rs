//! A new session for who knows the password.

use crate::auth::Auth;
use crate::error::Error;
use crate::login::Login;
use crate::password::Password;
use crate::session::{Device, LoggedIn, open};

/// What somebody says who has an account, or pretends to.
#[derive(Debug)]
pub struct LogIn {
    pub login: Login,
    pub password: Password,
    pub device: Device,
}

/// Opens a session. An unknown account and a wrong password take the same time and the same answer.
pub async fn log_in(auth: &Auth, command: LogIn) -> Result<LoggedIn, Error> {
    let found = auth.store.users().find_by_login(&command.login).await?;
    // Who logs in elsewhere has no password here.
    let (account, hash) = found.filter(|(_, hash)| !hash.is_empty()).unzip();
    let matches = auth.hasher.verify(command.password, hash).await?;
    let Some(account) = account.filter(|_| matches) else {
        return Err(Error::CredentialsWrong);
    };
    let tokens = open::open(auth, &account, command.device).await?;
    Ok(LoggedIn { account, tokens })
}
