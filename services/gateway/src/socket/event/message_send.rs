//! `message:send`.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::ack::Reply;
use crate::dialect::native::MessageView;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::message::announce::announce;
use crate::message::send::{SendMessage, send_charged};

/// Its acknowledgement.
#[derive(Serialize, ToSchema)]
pub struct Answer<'a> {
    message: MessageView<'a>,
}

/// Acknowledged when durable, and announced after that. The message was charged with its event.
pub async fn handle(
    gateway: &Gateway,
    connection: &Connection,
    command: SendMessage,
    reply: Reply,
) {
    match send_charged(gateway, &connection.principal, command).await {
        Ok(sent) => {
            let message = MessageView::new(sent.message(), sent.sender());
            reply.done(connection, Answer { message });
            announce(gateway, sent).await;
        }
        Err(error) => reply.failed(connection, error),
    }
}
