//! Moving a member's cursor, and telling the room.

use std::time::UNIX_EPOCH;

use confab_bus::Topic;
use confab_chassis::trace;
use confab_ids::RoomId;
use confab_proto::event::event::Body;
use confab_proto::event::{CursorAdvanced, Event};
use confab_proto::message::{AdvanceCursorRequest, Cursor};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::contract::words::AnyId;
use crate::error::Error;
use crate::fanout;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// What a client says when it has received or read messages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct AdvanceCursor {
    /// The room.
    #[schema(value_type = AnyId)]
    pub room_id: RoomId,
    /// Up to which message, by its number; or else `message_id`.
    #[schema(minimum = 0)]
    pub seq: Option<i64>,
    /// Up to which message, by its id.
    #[schema(value_type = Option<AnyId>)]
    pub message_id: Option<String>,
    /// What has been done with it.
    pub status: Status,
}

/// What a client has done with messages.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Received them.
    Delivered,
    /// Shown them to the user.
    Read,
}

/// Moves a cursor forward, and tells the room if it moved.
#[tracing::instrument(target = "confab", name = "cursor.advance", skip_all)]
pub async fn advance(
    gateway: &Gateway,
    principal: &Principal,
    command: AdvanceCursor,
) -> Result<CursorAdvanced, Error> {
    let (seq, message_id) = match (command.seq, command.message_id) {
        (Some(seq), None) if seq >= 0 => (seq, String::new()),
        (None, Some(id)) => (0, id),
        _ => {
            return Err(Error::field(
                "seq",
                "either seq, 0 or more, or messageId must be given",
            ));
        }
    };
    let request = AdvanceCursorRequest {
        user_id: principal.user.to_string(),
        room_id: command.room_id.to_string(),
        cursor: match command.status {
            Status::Delivered => Cursor::Delivered,
            Status::Read => Cursor::Read,
        }
        .into(),
        seq,
        message_id,
    };
    let answer = gateway
        .clients
        .message_store
        .advance_cursor(request)
        .await?;
    let cursor = CursorAdvanced {
        room_id: command.room_id.to_string(),
        user_id: principal.user.to_string(),
        delivered_seq: answer.delivered_seq,
        read_seq: answer.read_seq,
        previous_read_seq: answer.previous_read_seq,
        at_ms: i64::try_from(UNIX_EPOCH.elapsed().unwrap_or_default().as_millis()).unwrap_or(0),
    };
    if answer.moved {
        let event = Event {
            traceparent: trace::traceparent(),
            body: Some(Body::CursorAdvanced(cursor.clone())),
            ..Event::default()
        };
        if answer.fan_out {
            gateway.announce(Topic::Room(command.room_id), &event);
            fanout::hear(&gateway.rooms, command.room_id, event);
        } else {
            // The user's own devices are told all the same.
            gateway.announce(Topic::User(principal.user), &event);
            gateway.people.tell_cursor(principal.user, &cursor);
        }
    }
    Ok(cursor)
}
