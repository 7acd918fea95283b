//! A new pair of tokens for an old refresh token, once.

use std::time::SystemTime;

use super::{LoggedIn, RefreshToken, Tokens};
use crate::auth::Auth;
use crate::error::Error;
use crate::store::sessions::Rotation;
use crate::token::Bearer;

/// Spends a refresh token.
pub async fn refresh(auth: &Auth, spent: &RefreshToken) -> Result<LoggedIn, Error> {
    let now = SystemTime::now();
    // Everything that can fail comes before the spending, so that a failure leaves the token good.
    let user = auth.store.sessions().find_user(spent, now).await?;
    let user = user.ok_or(Error::RefreshTokenInvalid)?;
    let account = auth.store.users().find(&[user]).await?.pop();
    let account = account.ok_or(Error::RefreshTokenInvalid)?;
    let next = RefreshToken::generate(spent.session);
    let bearer = Bearer {
        user,
        username: &account.username,
        session: spent.session,
    };
    let access = auth.issuer.issue(bearer, now);

    let expires = now + auth.refresh_token_ttl;
    let rotation = Rotation {
        spent,
        next: &next,
        now,
        expires,
    };
    if !auth.store.sessions().rotate(rotation).await? {
        return Err(Error::RefreshTokenInvalid); // Somebody else spent it a moment ago.
    }
    let tokens = Tokens {
        access,
        refresh: next.text(),
        expires_in: auth.issuer.ttl(),
    };
    Ok(LoggedIn { account, tokens })
}
