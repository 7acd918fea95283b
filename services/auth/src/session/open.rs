//! The first pair of tokens of a new session.

use std::time::SystemTime;

use confab_ids::SessionId;

use super::{RefreshToken, Tokens};
use crate::account::Account;
use crate::auth::Auth;
use crate::error::Error;
use crate::token::Bearer;

/// Opens a session for somebody who has shown who they are.
pub async fn open(auth: &Auth, account: &Account) -> Result<Tokens, Error> {
    let now = SystemTime::now();
    let refresh = RefreshToken::generate(SessionId::generate());
    let expires = now + auth.refresh_token_ttl;
    auth.store
        .sessions()
        .insert(&refresh, account.id, now, expires)
        .await?;
    let bearer = Bearer {
        user: account.id,
        username: &account.username,
        session: refresh.session,
    };
    Ok(Tokens {
        access: auth.issuer.issue(bearer, now),
        refresh: refresh.text(),
        expires_in: auth.issuer.ttl(),
    })
}
