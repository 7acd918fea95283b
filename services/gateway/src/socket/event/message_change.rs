//! `message:edit`, `message:delete`, `message:react`, `message:pin`.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::ack::Reply;
use crate::dialect::native::MessageView;
use crate::error::Error;
use crate::fanout::Connection;
use crate::message::change::Changed;

/// Its acknowledgement.
#[derive(Serialize, ToSchema)]
pub struct Answer<'a> {
    message: MessageView<'a>,
}

/// Answers the message as it is now.
pub fn answer(connection: &Connection, outcome: Result<Changed, Error>, reply: Reply) {
    match outcome {
        Ok(Changed { message, sender }) => {
            let message = MessageView::new(&message, sender.as_ref());
            reply.done(connection, Answer { message });
        }
        Err(error) => reply.failed(connection, error),
    }
}
