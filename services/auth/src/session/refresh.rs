//! A new pair of tokens for an old refresh token.
//!
//! Of those who spend one token at once, on whatever replicas, one exchanges it, by comparing and setting
//! its hash; the others find that done and get the same successor. The session goes on as one.

use std::time::SystemTime;

use super::{Device, Ended, LoggedIn, Session, Tokens, Worth};
use crate::account::Account;
use crate::auth::Auth;
use crate::error::Error;
use crate::refresh_token::RefreshToken;
use crate::token::Bearer;

/// What came of showing a refresh token.
pub enum Refreshed {
    Renewed(Box<LoggedIn>),
    /// The token had been spent before the grace.
    Revoked(Ended),
}

/// How often the session is read: whoever loses the exchange finds it done the next time.
const READINGS: usize = 2;

/// Spends a refresh token.
pub async fn refresh(
    auth: &Auth,
    token: &RefreshToken,
    device: Option<Device>,
) -> Result<Refreshed, Error> {
    for _ in 0..READINGS {
        let now = SystemTime::now();
        let found = auth.store.sessions().find(token.session, now).await?;
        let mut session = found.ok_or(Error::RefreshTokenInvalid)?;
        let newest = match session.weigh(token, now, auth.refresh_reuse_grace) {
            Worth::Foreign => return Err(Error::RefreshTokenInvalid),
            Worth::Reused => return revoke(auth, &session).await,
            Worth::Newest(newest) => newest,
            Worth::Good => {
                let before = session.refresh_hash;
                let next = session.spend(token, now, auth.refresh_reuse_grace);
                session.expires_at = now + auth.refresh_token_ttl;
                session.device = device.clone().unwrap_or(session.device);
                // Before the exchange: what fails here leaves the token good.
                let account = account(auth, &session).await?;
                if !auth.store.sessions().exchange(before, &session).await? {
                    continue; // Somebody else spent it a moment ago.
                }
                return Ok(renewed(auth, account, &session, &next, now));
            }
        };
        let account = account(auth, &session).await?;
        return Ok(renewed(auth, account, &session, &newest, now));
    }
    Err(Error::RefreshTokenInvalid)
}

async fn account(auth: &Auth, session: &Session) -> Result<Account, Error> {
    let account = auth.store.users().find(&[session.user]).await?.pop();
    account.ok_or(Error::RefreshTokenInvalid)
}

async fn revoke(auth: &Auth, session: &Session) -> Result<Refreshed, Error> {
    let ended = Ended {
        user: session.user,
        session: session.id,
    };
    auth.store
        .sessions()
        .end(session.user, &[session.id])
        .await?;
    metrics::counter!("confab_auth_reused_refresh_tokens_total").increment(1);
    tracing::warn!(user.id = %ended.user, session.id = %ended.session, "a spent refresh token was used again, its session is revoked");
    Ok(Refreshed::Revoked(ended))
}

fn renewed(
    auth: &Auth,
    account: Account,
    session: &Session,
    refresh: &RefreshToken,
    now: SystemTime,
) -> Refreshed {
    let bearer = Bearer {
        user: account.id,
        username: &account.username,
        session: session.id,
    };
    let tokens = Tokens {
        access: auth.issuer.issue(bearer, now),
        refresh: refresh.text(),
        expires_in: auth.issuer.ttl(),
        refresh_expires_in: session.expires_at.duration_since(now).unwrap_or_default(),
    };
    Refreshed::Renewed(Box::new(LoggedIn { account, tokens }))
}
