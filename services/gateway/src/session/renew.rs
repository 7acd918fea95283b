//! A newer token for a live socket: nothing else about it changes, and nothing is lost.

use std::time::SystemTime;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;

/// What a client says to go on with a newer token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(expecting = "an object")]
pub struct RenewSession {
    token: String,
}

/// Puts the newer token in the place of the old one, and answers until when it is good. It has to be of the
/// same user and the same session: another one is another socket.
pub async fn renew(
    gateway: &Gateway,
    connection: &Connection,
    command: RenewSession,
) -> Result<SystemTime, Error> {
    let newer = gateway.verifier.verify(&command.token).await?;
    let known = &connection.principal;
    if (newer.user, newer.session) != (known.user, known.session) {
        return Err(Error::SessionMismatch);
    }
    Ok(connection.renew(newer.expires_at))
}
