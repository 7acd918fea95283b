//! Telling the others of a message.

use confab_bus::Topic;
use confab_chassis::trace;
use confab_ids::RoomId;
use confab_proto::event::event::Body;
use confab_proto::event::{Event, MessageChanged};
use confab_proto::message::Change;

use super::send::Sent;
use crate::fanout::{self, sender_of, senders_of};
use crate::gateway::Gateway;

/// Gives a message to the room's sockets here, and to the other gateways. A repeat is announced again:
/// the first announcement may have died with its gateway, and receivers drop what they have.
pub async fn announce(gateway: &Gateway, sent: Sent) {
    say(gateway, sent.room, Body::MessageAppended(sent.appended));
    announce_changes(gateway, sent.room, sent.further).await;
}

/// Gives changes of messages to the room's sockets here, and to the other gateways: each with the
/// sender of the message that changed, who need not be the one who did it.
pub async fn announce_changes(gateway: &Gateway, room: RoomId, changes: Vec<Change>) {
    if changes.is_empty() {
        return;
    }
    let senders = gateway.profiles.senders(senders_of(&changes)).await;
    for change in changes {
        let changed = MessageChanged {
            room_id: room.to_string(),
            sender: sender_of(&change).and_then(|from| senders.get(from).cloned()),
            change: Some(change),
        };
        say(gateway, room, Body::MessageChanged(changed));
    }
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
