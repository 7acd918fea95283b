//! A new account, and its first session.

use std::time::SystemTime;

use confab_ids::UserId;

use super::Account;
use crate::auth::Auth;
use crate::email::Email;
use crate::error::Error;
use crate::password::Password;
use crate::profile::{Bio, DisplayName, LastSeenVisibility};
use crate::session::{Device, LoggedIn, open};
use crate::store::users::{Inserted, Taken};
use crate::username::Username;

/// What somebody says who wants an account.
#[derive(Debug)]
pub struct SignUp {
    pub username: Username,
    pub email: Email,
    pub password: Password,
    pub display_name: DisplayName,
    pub bio: Bio,
    pub device: Device,
}

/// Creates the account and logs its owner in.
pub async fn sign_up(auth: &Auth, command: SignUp) -> Result<LoggedIn, Error> {
    let SignUp {
        username,
        email,
        password,
        display_name,
        bio,
        device,
    } = command;
    password.check()?;
    // A look before the dear hash; who of two at once gets the name is decided by the index below.
    if let Some(taken) = auth.store.users().taken(&username, &email).await? {
        return Err(taken.into());
    }
    let hash = auth.hasher.hash(password).await?;
    let account = Account {
        id: UserId::generate(),
        username: username.as_str().to_owned(),
        email: email.as_str().to_owned(),
        display_name: display_name.as_str().to_owned(),
        avatar_url: String::new(),
        bio: bio.as_str().to_owned(),
        last_seen_visibility: LastSeenVisibility::default(),
        created_at: SystemTime::now(),
        last_seen_at: None,
    };
    match auth.store.users().insert(&account, hash).await? {
        Inserted::Stored => {}
        Inserted::Refused(taken) => return Err(taken.into()),
    }
    tracing::info!(user.id = %account.id, "signed up");
    let tokens = open::open(auth, &account, device).await?;
    Ok(LoggedIn { account, tokens })
}

impl From<Taken> for Error {
    fn from(taken: Taken) -> Self {
        match taken {
            Taken::Username => Self::UsernameTaken,
            // Only who logs in elsewhere has an external id, and nobody signs up with one.
            Taken::Email | Taken::External => Self::EmailTaken,
        }
    }
}
