//! `message:ack`.

use super::super::ack::Reply;
use crate::cursor::advance::{AdvanceCursor, advance};
use crate::dialect::native::CursorView;
use crate::fanout::Connection;
use crate::gateway::Gateway;

/// Answers where the cursors are now.
pub async fn handle(
    gateway: &Gateway,
    connection: &Connection,
    command: AdvanceCursor,
    reply: Reply,
) {
    match advance(gateway, &connection.principal, command).await {
        Ok(cursor) => reply.done(connection, CursorView::from(&cursor)),
        Err(error) => reply.failed(connection, error),
    }
}
