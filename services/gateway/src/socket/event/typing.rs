//! `typing`.

use confab_bus::Topic;
use confab_chassis::trace;
use confab_ids::RoomId;
use confab_proto::event::event::Body;
use confab_proto::event::{Event, Typing};
use serde::{Deserialize, Serialize};

use super::super::ack::Reply;
use crate::error::Error;
use crate::fanout::{self, Connection};
use crate::gateway::Gateway;

/// What a client says when its user begins or stops typing.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct SetTyping {
    room_id: RoomId,
    is_typing: bool,
}

#[derive(Serialize)]
struct Answer {}

/// Tells the other members' sockets, and nobody else; nothing is stored.
pub fn handle(gateway: &Gateway, connection: &Connection, command: SetTyping, reply: Reply) {
    if !connection.is_in(command.room_id) {
        return reply.failed(connection, Error::RoomNotFound);
    }
    if !connection.may_type() {
        return reply.failed(connection, Error::TypingTooOften);
    }
    let typing = Typing {
        room_id: command.room_id.to_string(),
        user_id: connection.principal.user.to_string(),
        is_typing: command.is_typing,
    };
    let event = Event {
        traceparent: trace::traceparent(),
        body: Some(Body::Typing(typing)),
        ..Event::default()
    };
    gateway.announce(Topic::Room(command.room_id), &event);
    fanout::hear(&gateway.rooms, command.room_id, event);
    reply.done(connection, Answer {});
}
