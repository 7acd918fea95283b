//! Telling the others of a message.

use confab_bus::Topic;
use confab_chassis::trace;
use confab_ids::RoomId;
use confab_proto::event::event::Body;
use confab_proto::event::{Event, MessageChanged, Sender};
use confab_proto::message::Change;

use super::send::Sent;
use crate::fanout;
use crate::gateway::Gateway;

/// Gives a message to the room's sockets here, and to the other gateways. A repeat is announced again:
/// the first announcement may have died with its gateway, and receivers drop what they have.
pub fn announce(gateway: &Gateway, sent: Sent) {
    say(gateway, sent.room, Body::MessageAppended(sent.appended));
    for change in sent.further {
        announce_change(gateway, sent.room, change, None);
    }
}

/// Gives a change of a message to the room's sockets here, and to the other gateways.
pub fn announce_change(gateway: &Gateway, room: RoomId, change: Change, sender: Option<Sender>) {
    let changed = MessageChanged {
        room_id: room.to_string(),
        change: Some(change),
        sender,
    };
    say(gateway, room, Body::MessageChanged(changed));
}

fn say(gateway: &Gateway, room: RoomId, body: Body) {
    let event = Event {
        traceparent: trace::traceparent(),
        body: Some(body),
        ..Event::default()
    };
    gateway.announce(Topic::Room(room), &event);
    fanout::hear(&gateway.rooms, room, event);
}
