//! `room:update`, `room:add`, `room:remove`, `room:leave`, `room:role`, `room:mute`.

use confab_proto::message::Room;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::ack::Reply;
use crate::dialect::native::RoomView;
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;

/// Its acknowledgement.
#[derive(Serialize, ToSchema)]
pub struct Answer<'a> {
    /// As it is now; absent if one has left it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = RoomView<'a>)]
    room: Option<RoomView<'a>>,
}

/// Answers the room as it is now.
pub async fn answer(
    gateway: &Gateway,
    connection: &Connection,
    outcome: Result<Option<Room>, Error>,
    reply: Reply,
) {
    match outcome {
        Ok(room) => {
            let last = room.iter().filter_map(|room| room.last_message.as_ref());
            let senders = gateway
                .profiles
                .senders(last.map(|m| m.from.as_str()))
                .await;
            let room = room.as_ref().map(|room| RoomView::new(room, &senders));
            reply.done(connection, Answer { room });
        }
        Err(error) => reply.failed(connection, error),
    }
}
