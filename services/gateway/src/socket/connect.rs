//! From connected to ready: the socket's rooms are found, subscribed, read and joined, in that order.

use std::collections::HashMap;
use std::sync::Arc;

use confab_fault::Fault;
use confab_ids::RoomId;
use confab_proto::event::Sender;
use confab_proto::message::{Head, ListRoomsRequest, Room};
use serde::Serialize;
use socketioxide::extract::SocketRef;

use super::disconnect;
use super::handshake::Cursors;
use super::inbox::Inbox;
use crate::dialect::native::{RoomView, UserView};
use crate::fanout::{Connection, Position};
use crate::gateway::Gateway;
use crate::presence;
use crate::principal::Principal;
use crate::room::sync::is_too_far;
use crate::session;

#[derive(Serialize)]
struct Ready<'a> {
    user: Option<UserView<'a>>,
    rooms: Vec<RoomView<'a>>,
}

/// Makes a socket ready. If that cannot be done its transport is closed: the client comes back.
#[tracing::instrument(target = "confab", name = "socket.connect", skip_all, fields(connection.id = %socket.id))]
pub async fn connect(gateway: Arc<Gateway>, socket: SocketRef) {
    let (Some(principal), Some(inbox)) = (
        socket.extensions.get::<Principal>(),
        socket.extensions.get::<Arc<Inbox>>(),
    ) else {
        return; // Only an admitted socket comes here.
    };
    let connection = Arc::new(Connection::new(
        socket.clone(),
        principal,
        gateway.cords.clone(),
    ));
    gateway.connections.add(&connection);
    metrics::gauge!("confab_gateway_connections").set(gateway.connections.len() as f64);
    let (left, left_inbox) = (gateway.clone(), inbox.clone());
    socket.on_disconnect(async move |socket: SocketRef| {
        disconnect::disconnect(&left, &left_inbox, socket.id);
    });
    if !socket.connected() {
        // It went before the handler was there to notice.
        return disconnect::disconnect(&gateway, &inbox, socket.id);
    }
    presence::tell::tell(&gateway, &connection).await;
    let cursors = socket.extensions.get::<Cursors>().unwrap_or_default();
    match make_ready(&gateway, &connection, &cursors).await {
        Ok(()) => inbox.start(connection),
        Err(fault) => {
            tracing::warn!(user.id = %connection.principal.user, %fault, "a socket cannot be made ready, closing its transport");
            connection.cut();
        }
    }
}

async fn make_ready(
    gateway: &Gateway,
    connection: &Arc<Connection>,
    cursors: &Cursors,
) -> Result<(), Fault> {
    let user = connection.principal.user.to_string();
    // A room made from here on is heard of on the user's topic.
    gateway.people.add(connection).await;
    if connection.is_closed() {
        gateway.people.remove(connection);
        return Ok(());
    }
    let request = ListRoomsRequest {
        user_id: user.clone(),
        limit: 0,
    };
    // Its end may have been told of before anybody here listened.
    let (live, rooms) = tokio::join!(
        session::check::is_live(gateway, &connection.principal),
        gateway.clients.message_store.list_rooms(request),
    );
    if !live {
        connection.revoke();
        return Ok(());
    }
    let rooms = rooms?.rooms;
    let ids = rooms
        .iter()
        .filter_map(|room| room.id.parse::<RoomId>().ok());
    let ids: Vec<_> = ids.collect();
    let positions = gateway.rooms.start(&ids).await?;

    let senders = rooms
        .iter()
        .filter_map(|room| room.last_message.as_ref())
        .map(|m| m.from.as_str());
    let senders = gateway.profiles.senders(senders).await;
    let profile = gateway.profiles.one(&user).await.ok().flatten();
    let ready = Ready {
        user: profile.as_deref().map(UserView::from),
        rooms: views(&rooms, &positions, cursors, &senders),
    };
    connection.emit("ready", &ready);
    let mut outcome = Ok(());
    for (room, position) in positions {
        // A room of a moment ago may have been entered by way of the user's topic.
        if outcome.is_ok() && connection.enter(room) {
            let from = begin(cursors.of(room), position.rev).unwrap_or(position.rev);
            outcome = gateway.rooms.join(connection, room, from).await;
        }
        // If nobody took a seat, the stream was opened for nothing.
        gateway.rooms.release(room);
    }
    outcome
}

/// From which revision on a client gets a room's changes as events, if it can take up where it was.
fn begin(cursor: Option<i64>, head_rev: i64) -> Option<i64> {
    cursor.filter(|rev| !is_too_far(*rev, head_rev))
}

/// Each room up to where its stream is here: what comes after that, or after the client's own cursor,
/// comes as an event.
fn views<'a>(
    rooms: &'a [Room],
    positions: &HashMap<RoomId, Position>,
    cursors: &Cursors,
    senders: &'a HashMap<String, Sender>,
) -> Vec<RoomView<'a>> {
    rooms
        .iter()
        .filter_map(|room| {
            let id = room.id.parse().ok()?;
            let position = positions.get(&id)?;
            let head = Head {
                room_id: room.id.clone(),
                rev: position.rev,
                seq: position.seq,
            };
            let mut view = RoomView::up_to(room, &head, senders);
            let cursor = cursors.of(id);
            view.resync = cursor.is_some() && begin(cursor, position.rev).is_none();
            Some(view)
        })
        .collect()
}
