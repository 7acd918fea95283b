//! `typing`.

use confab_ids::RoomId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::ack::Reply;
use crate::contract::words::AnyId;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::typing;

/// What a client says when its user begins or stops typing, and every few seconds while they go on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct SetTyping {
    #[schema(value_type = AnyId)]
    room_id: RoomId,
    is_typing: bool,
}

/// Its acknowledgement.
#[derive(Serialize, ToSchema)]
pub struct Answer {}

/// Answers when the others have been told, or know it already.
pub async fn handle(gateway: &Gateway, connection: &Connection, command: SetTyping, reply: Reply) {
    match typing::set(gateway, connection, command.room_id, command.is_typing).await {
        Ok(()) => reply.done(connection, Answer {}),
        Err(error) => reply.failed(connection, error),
    }
}
