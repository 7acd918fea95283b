//! The first pair of tokens of a new session.

use std::time::SystemTime;

use super::{Device, Session, Tokens};
use crate::account::Account;
use crate::auth::Auth;
use crate::error::Error;
use crate::token::Bearer;

/// Opens a session for somebody who has shown who they are.
pub async fn open(auth: &Auth, account: &Account, device: Device) -> Result<Tokens, Error> {
    let now = SystemTime::now();
    let (session, refresh) = Session::new(account.id, device, now, auth.refresh_token_ttl);
    auth.store.sessions().insert(&session).await?;
    let bearer = Bearer {
        user: account.id,
        username: &account.username,
        session: session.id,
    };
    Ok(Tokens {
        access: auth.issuer.issue(bearer, now),
        refresh: refresh.text(),
        expires_in: auth.issuer.ttl(),
        refresh_expires_in: auth.refresh_token_ttl,
    })
}
