//! Telling a room of who is typing.

use confab_bus::Topic;
use confab_chassis::trace;
use confab_ids::RoomId;
use confab_proto::event::event::Body;
use confab_proto::event::{Event, Typing};

use crate::error::Error;
use crate::fanout::{self, Connection};
use crate::gateway::Gateway;
use crate::rate_limit::{Budget, Subject};

/// A socket's user types, or has stopped. Tells the other members' sockets, and nobody else; nothing is
/// stored. What is said too often is swallowed: the others know it already.
pub async fn set(
    gateway: &Gateway,
    connection: &Connection,
    room: RoomId,
    is_typing: bool,
) -> Result<(), Error> {
    if !connection.is_in(room) {
        return Err(Error::RoomNotFound);
    }
    if connection.types(room, is_typing) {
        let subject = Subject::User(connection.principal.user);
        gateway.limits.charge(subject, &[Budget::Typing]).await?;
        if is_typing && connection.is_closed() {
            return Ok(());
        }
        tell(gateway, connection, room, is_typing);
        // Closed in this moment: that they have stopped may have been said before.
        if is_typing && connection.is_closed() {
            tell(gateway, connection, room, false);
        }
    }
    Ok(())
}

/// A member types, or has stopped.
pub fn tell(gateway: &Gateway, connection: &Connection, room: RoomId, is_typing: bool) {
    let lasts = connection.manner.typing_lasts.as_millis();
    let typing = Typing {
        room_id: room.to_string(),
        user_id: connection.principal.user.to_string(),
        is_typing,
        lasts_ms: i64::try_from(lasts).unwrap_or(0),
    };
    let event = Event {
        traceparent: trace::traceparent(),
        body: Some(Body::Typing(typing)),
        ..Event::default()
    };
    gateway.announce(Topic::Room(room), &event);
    fanout::hear(&gateway.rooms, room, event);
}
