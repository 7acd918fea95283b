//! `message:search`.

use super::super::ack::Reply;
use crate::dialect::native::FoundPage;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::message::search::{SearchMessages, search};

/// Answers what was found.
pub async fn handle(
    gateway: &Gateway,
    connection: &Connection,
    command: SearchMessages,
    reply: Reply,
) {
    match search(gateway, &connection.principal, command).await {
        Ok(found) => reply.done(connection, FoundPage::new(&found)),
        Err(error) => reply.failed(connection, error),
    }
}
