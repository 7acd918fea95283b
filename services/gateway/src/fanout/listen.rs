//! What the bus says, to whom it concerns.

use std::sync::Arc;

use confab_bus::{Deliveries, Delivery, Topic};
use confab_ids::{RoomId, UserId};
use confab_proto::event::Event;
use confab_proto::event::event::Body;
use tokio::sync::Notify;

use super::look::look;
use super::mend::mend;
use super::news::News;
use super::receipts;
use super::rooms::Rooms;
use super::stream::{Change, Stream};
use super::typists::lasting;
use crate::dialect::Told;
use crate::gateway::Gateway;
use crate::room::enter::enter;
use crate::{block, session};

/// Hears the bus until it is closed.
pub async fn listen(mut bus: Deliveries, gateway: Arc<Gateway>) {
    let missed = Arc::new(Notify::new());
    tokio::spawn(look(missed.clone(), gateway.clone()));
    while let Some(delivery) = bus.next().await {
        match delivery {
            Delivery::Event(Topic::Room(room), event) => hear(&gateway.rooms, room, *event),
            Delivery::Event(Topic::User(user), event) => {
                hear_of_user(&gateway, user, event.body);
            }
            Delivery::Event(Topic::Presence(_), event) => {
                if let Some(Body::PresenceChanged(change)) = &event.body {
                    gateway.watchers.tell(change);
                }
            }
            Delivery::Missed => missed.notify_one(),
        }
    }
}

/// Something happened to a user, or concerns them alone.
fn hear_of_user(gateway: &Arc<Gateway>, user: UserId, body: Option<Body>) {
    match body {
        Some(Body::RoomCreated(created)) => {
            if let Some(room) = created.room {
                let gateway = gateway.clone();
                tokio::spawn(async move { enter(&gateway, user, &room).await });
            }
        }
        Some(Body::SessionsRevoked(revoked)) => {
            let ids = revoked.session_ids.iter();
            let sessions: Vec<_> = ids.filter_map(|id| id.parse().ok()).collect();
            session::end::end(gateway, user, &sessions);
        }
        Some(Body::BlockChanged(change)) => {
            if let Ok(blocker) = change.user_id.parse() {
                let gateway = gateway.clone();
                tokio::spawn(async move {
                    block::change::heard(&gateway, user, blocker, change.blocked).await;
                });
            }
        }
        Some(Body::CursorAdvanced(cursor)) => gateway.people.tell_cursor(user, &cursor),
        // Not said on a user's topic.
        _ => {}
    }
}

/// Something happened in a room: here, or on another replica.
pub fn hear(rooms: &Rooms, room: RoomId, event: Event) {
    let Some(stream) = rooms.find(room) else {
        return;
    };
    match event.body {
        Some(Body::MessageAppended(appended)) => {
            offer(
                rooms,
                stream,
                News::of_appended(appended),
                event.traceparent,
            );
        }
        Some(Body::MessageChanged(changed)) => {
            offer(rooms, stream, News::of_changed(changed), event.traceparent);
        }
        Some(Body::CursorAdvanced(cursor)) => {
            stream.tell(&|_| Told::Cursor(&cursor), None);
            if cursor.read_seq > cursor.previous_read_seq && stream.names_read() {
                receipts::name(rooms, stream, cursor);
            }
        }
        Some(Body::Typing(typing)) => {
            let Ok(user) = typing.user_id.parse() else {
                return;
            };
            if !typing.is_typing {
                stream.stops_typing(user);
            } else if stream.types(user, lasting(typing.lasts_ms)) {
                tokio::spawn(async move { stream.typist_stops(user).await });
            }
        }
        // Not said on a room's topic.
        Some(
            Body::RoomCreated(_)
            | Body::PresenceChanged(_)
            | Body::SessionsRevoked(_)
            | Body::BlockChanged(_),
        )
        | None => {}
    }
}

fn offer(rooms: &Rooms, stream: Arc<Stream>, news: Option<News>, traceparent: String) {
    let Some(news) = news else { return };
    let (room, parts) = (stream.room, news.parts());
    if stream.offer(Change { news, traceparent }) {
        mend(rooms, stream);
    }
    if parts {
        // It may have been the last one's.
        rooms.release(room);
    }
}
