//! The end of a session.

use super::RefreshToken;
use crate::auth::Auth;
use crate::error::Error;

/// Ends the session that a refresh token keeps alive. One that has ended is left in peace.
pub async fn log_out(auth: &Auth, token: &RefreshToken) -> Result<(), Error> {
    Ok(auth.store.sessions().delete(token).await?)
}
