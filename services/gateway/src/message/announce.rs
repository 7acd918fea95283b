//! Telling the others of a message.

use confab_bus::Topic;
use confab_chassis::trace;
use confab_proto::event::Event;
use confab_proto::event::event::Body;

use super::send::Sent;
use crate::fanout;
use crate::gateway::Gateway;

/// Gives a message to the room's sockets here, and to the other gateways. A repeat is announced again:
/// the first announcement may have died with its gateway, and receivers drop what they have.
pub fn announce(gateway: &Gateway, sent: Sent) {
    let event = Event {
        traceparent: trace::traceparent(),
        body: Some(Body::MessageAppended(sent.appended)),
        ..Event::default()
    };
    gateway.announce(Topic::Room(sent.room), &event);
    fanout::hear(&gateway.rooms, sent.room, event);
}
