//! `typing`.

use confab_ids::RoomId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::ack::Reply;
use crate::contract::words::AnyId;
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::rate_limit::{Budget, Subject};
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

/// Tells the other members' sockets, and nobody else; nothing is stored. What is said too often is
/// swallowed: the others know it already.
pub async fn handle(gateway: &Gateway, connection: &Connection, command: SetTyping, reply: Reply) {
    if !connection.is_in(command.room_id) {
        return reply.failed(connection, Error::RoomNotFound);
    }
    if connection.types(command.room_id, command.is_typing) {
        let user = connection.principal.user;
        let charged = gateway
            .limits
            .charge(Subject::User(user), &[Budget::Typing]);
        if let Err(exhausted) = charged.await {
            return reply.failed(connection, exhausted.into());
        }
        typing::tell(gateway, command.room_id, user, command.is_typing);
    }
    reply.done(connection, Answer {});
}
