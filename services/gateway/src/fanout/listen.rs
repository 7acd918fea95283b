//! What the bus says, to whom it concerns.

use confab_bus::{Deliveries, Delivery, Topic};
use confab_ids::RoomId;
use confab_proto::event::Event;
use confab_proto::event::event::Body;

use super::heads;
use super::mend::mend;
use super::people::People;
use super::rooms::Rooms;
use super::stream::Change;
use super::watchers::Watchers;
use crate::dialect::native::{CursorView, TypingView};

/// Hears the bus until it is closed.
pub async fn listen(mut bus: Deliveries, rooms: Rooms, people: People, watchers: Watchers) {
    while let Some(delivery) = bus.next().await {
        match delivery {
            Delivery::Event(Topic::Room(room), event) => hear(&rooms, room, *event),
            Delivery::Event(Topic::User(user), event) => {
                if let Some(Body::RoomCreated(created)) = event.body
                    && let Some(room) = created.room
                {
                    let people = people.clone();
                    tokio::spawn(async move { people.enter(user, &room).await });
                }
            }
            Delivery::Event(Topic::Presence(_), event) => {
                if let Some(Body::PresenceChanged(change)) = &event.body {
                    watchers.tell(change);
                }
            }
            Delivery::Missed => {
                let (rooms, people) = (rooms.clone(), people.clone());
                tokio::spawn(async move {
                    heads::check(&rooms).await;
                    people.recheck().await;
                });
            }
        }
    }
}

/// Something happened in a room: here, or on another replica.
pub fn hear(rooms: &Rooms, room: RoomId, event: Event) {
    let Some(stream) = rooms.find(room) else {
        return;
    };
    match event.body {
        Some(Body::MessageAppended(appended)) => {
            if stream.offer(Change {
                appended,
                traceparent: event.traceparent,
            }) {
                mend(rooms, stream);
            }
        }
        Some(Body::CursorAdvanced(cursor)) => {
            stream.tell("message:status", &CursorView::from(&cursor), None);
        }
        Some(Body::Typing(typing)) => {
            stream.tell(
                "typing",
                &TypingView::from(&typing),
                typing.user_id.parse().ok(),
            );
        }
        // Not said on a room's topic.
        Some(Body::RoomCreated(_) | Body::PresenceChanged(_)) | None => {}
    }
}
