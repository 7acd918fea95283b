//! `message:readers`.

use super::super::ack::Reply;
use crate::dialect::native::ReaderPage;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::message::readers::{ListReaders, readers};

/// Answers who has received and read a message, and when.
pub async fn handle(
    gateway: &Gateway,
    connection: &Connection,
    command: ListReaders,
    reply: Reply,
) {
    match readers(gateway, &connection.principal, command).await {
        Ok(page) => reply.done(connection, ReaderPage::from(&page)),
        Err(error) => reply.failed(connection, error),
    }
}
