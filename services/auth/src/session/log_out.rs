//! The end of a session, by who holds its refresh token.

use std::time::SystemTime;

use super::Ended;
use crate::auth::Auth;
use crate::error::Error;
use crate::refresh_token::RefreshToken;

/// Ends the session that a refresh token belongs to, though it be spent: its holder may never have heard
/// of the newer one. A session that has ended is left in peace.
pub async fn log_out(auth: &Auth, token: &RefreshToken) -> Result<Option<Ended>, Error> {
    let sessions = auth.store.sessions();
    let session = sessions.find(token.session, SystemTime::now()).await?;
    let Some(session) = session.filter(|session| token.is_of(&session.family)) else {
        return Ok(None);
    };
    sessions.end(session.user, &[session.id]).await?;
    Ok(Some(Ended {
        user: session.user,
        session: session.id,
    }))
}
