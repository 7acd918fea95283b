//! Somebody whom another issuer vouches for: known by the issuer and its word for them, and made an account
//! at first sight. An address that the issuer names never leads to an account that was there before.

use std::time::SystemTime;

use confab_ids::{SessionId, UserId};

use super::{Account, name};
use crate::auth::Auth;
use crate::error::Error;
use crate::external::External;
use crate::profile::{AvatarUrl, DisplayName, LastSeenVisibility};
use crate::session::{Device, Session};
use crate::store::users::{Inserted, Taken};

/// How often a made-up username may be taken: ten digits of chance collide once in a lifetime.
const ATTEMPTS: usize = 5;

/// Whom an issuer vouches for, and what it says of them.
#[derive(Debug)]
pub struct AdmitExternal {
    pub external: External,
    /// What the issuer calls the session.
    pub session: String,
    pub username: String,
    pub display_name: DisplayName,
    pub email: String,
    pub avatar: AvatarUrl,
}

/// Who they are here.
pub struct Admitted {
    pub account: Account,
    pub session: SessionId,
    pub created: bool,
}

/// Finds the account or makes it, and opens the session unless it is open.
pub async fn admit_external(auth: &Auth, command: AdmitExternal) -> Result<Admitted, Error> {
    let id = command.external.session(&command.session);
    let (account, created) = match auth.store.users().find_external(&command.external).await? {
        Some(account) => (account, false),
        None => make(auth, command).await?,
    };
    let now = SystemTime::now();
    let (mut session, _) = Session::new(account.id, Device::default(), now, auth.refresh_token_ttl);
    session.id = id;
    auth.store.sessions().insert_unless_there(&session).await?;
    Ok(Admitted {
        account,
        session: id,
        created,
    })
}

async fn make(auth: &Auth, command: AdmitExternal) -> Result<(Account, bool), Error> {
    let users = auth.store.users();
    let hint = match (command.username.as_str(), command.display_name.as_str()) {
        ("", name) => name,
        (username, _) => username,
    };
    let mut account = Account {
        id: UserId::generate(),
        username: String::new(),
        email: command.email,
        display_name: command.display_name.as_str().to_owned(),
        avatar_url: command.avatar.as_str().to_owned(),
        bio: String::new(),
        last_seen_visibility: LastSeenVisibility::default(),
        created_at: SystemTime::now(),
        last_seen_at: None,
    };
    for _ in 0..ATTEMPTS {
        account.username = name::make_up(hint).as_str().to_owned();
        match users.insert_external(&account, &command.external).await? {
            Inserted::Stored => {
                tracing::info!(user.id = %account.id, issuer = command.external.issuer(), "made an account at first sight");
                return Ok((account, true));
            }
            Inserted::Refused(Taken::Username) => {}
            // Seen for the first time twice at once, on two replicas: the other one was quicker.
            Inserted::Refused(Taken::Email | Taken::External) => {
                if let Some(account) = users.find_external(&command.external).await? {
                    return Ok((account, false));
                }
            }
        }
    }
    Err(Error::UsernameTaken)
}
