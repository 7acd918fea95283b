//! Telling a room of who is typing.

use confab_bus::Topic;
use confab_chassis::trace;
use confab_ids::{RoomId, UserId};
use confab_proto::event::event::Body;
use confab_proto::event::{Event, Typing};

use crate::fanout;
use crate::gateway::Gateway;

/// A member types, or has stopped.
pub fn tell(gateway: &Gateway, room: RoomId, user: UserId, is_typing: bool) {
    let typing = Typing {
        room_id: room.to_string(),
        user_id: user.to_string(),
        is_typing,
    };
    let event = Event {
        traceparent: trace::traceparent(),
        body: Some(Body::Typing(typing)),
        ..Event::default()
    };
    gateway.announce(Topic::Room(room), &event);
    fanout::hear(&gateway.rooms, room, event);
}
