//! `session:renew`.

use std::time::UNIX_EPOCH;

use serde::Serialize;
use utoipa::ToSchema;

use super::super::ack::Reply;
use crate::contract::words::Time;
use crate::dialect::native::rfc3339;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::session::renew::{RenewSession, renew};

/// Its acknowledgement.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    #[schema(required, value_type = Option<Time>)]
    expires_at: Option<String>,
}

/// Answers until when the socket's token is good now.
pub async fn handle(
    gateway: &Gateway,
    connection: &Connection,
    command: RenewSession,
    reply: Reply,
) {
    match renew(gateway, connection, command).await {
        Ok(until) => {
            let since = until.duration_since(UNIX_EPOCH).unwrap_or_default();
            let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
            let expires_at = rfc3339(millis);
            reply.done(connection, Answer { expires_at });
        }
        Err(error) => reply.failed(connection, error),
    }
}
