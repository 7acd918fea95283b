//! From connected to ready: the socket's rooms are found, subscribed, read and joined, in that order.

use std::collections::HashSet;
use std::sync::Arc;

use confab_fault::Fault;
use confab_ids::RoomId;
use confab_proto::message::{ListRoomsRequest, Room};
use socketioxide::extract::SocketRef;

use super::disconnect;
use super::handshake::Cursors;
use super::heads::{self, Heads};
use super::inbox::Inbox;
use crate::admission::Place;
use crate::dialect::{Dialect, Told, Welcome, pair_of};
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::presence;
use crate::principal::Principal;
use crate::room::sync::is_too_far;
use crate::session;

/// Makes a socket ready. If that cannot be done its transport is closed: the client comes back.
#[tracing::instrument(target = "confab", name = "socket.connect", skip_all, fields(connection.id = %socket.id))]
pub async fn connect(gateway: Arc<Gateway>, place: (Dialect, &'static str), socket: SocketRef) {
    let (Some(principal), Some(inbox)) = (
        socket.extensions.get::<Principal>(),
        socket.extensions.get::<Arc<Inbox>>(),
    ) else {
        return; // Only an admitted socket comes here.
    };
    // Until it is ready, or cannot be.
    let _place = socket.extensions.remove::<Place>();
    let connection = Arc::new(Connection::new(
        socket.clone(),
        place,
        principal,
        gateway.cords.clone(),
    ));
    gateway.connections.add(&connection);
    metrics::gauge!("confab_gateway_connections").set(gateway.connections.len() as f64);
    let (left, left_inbox, id) = (gateway.clone(), inbox.clone(), connection.id);
    socket.on_disconnect(async move || disconnect::disconnect(&left, &left_inbox, id));
    if !socket.connected() {
        // It went before the handler was there to notice.
        return disconnect::disconnect(&gateway, &inbox, id);
    }
    presence::tell::tell(&gateway, &connection).await;
    let cursors = socket.extensions.get::<Cursors>().unwrap_or_default();
    let known = (cursors, socket.extensions.get::<Heads>());
    match make_ready(&gateway, &connection, &known).await {
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
    (cursors, heads): &(Cursors, Option<Heads>),
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
        ..ListRoomsRequest::default()
    };
    // Its end may have been told of before anybody here listened.
    let (live, rooms) = tokio::join!(
        session::check::is_live(gateway, &connection.principal),
        // Not in the window of calls: how many come here is bounded already.
        gateway.rooms.message_store().list_rooms(request),
    );
    if !live {
        connection.revoke();
        return Ok(());
    }
    let list = rooms?;
    let rooms = list.rooms;
    let ids = rooms
        .iter()
        .filter_map(|room| room.id.parse::<RoomId>().ok());
    let ids: Vec<_> = ids.collect();
    gateway.rooms.start(&ids).await?;

    let senders = rooms
        .iter()
        .filter_map(|room| room.last_message.as_ref())
        .map(|m| m.from.as_str());
    let senders = gateway.profiles.senders(senders).await;
    let profile = gateway.profiles.one(&user).await.ok().flatten();
    let resync = resync(&rooms, cursors);
    let welcome = Welcome {
        user: profile.as_deref(),
        rooms: &rooms,
        senders: &senders,
        resync: &resync,
        total_unread: list.total_unread,
    };
    connection.tell(&Told::Welcome(&welcome));
    let mut outcome = Ok(());
    for room in &rooms {
        let Ok(id) = room.id.parse() else { continue };
        // A room of a moment ago may have been entered by way of the user's topic.
        if outcome.is_ok() && connection.enter(id) {
            // From where the list was read, or before, and not from where the stream is now: if the user
            // was taken out between the two, that is among what comes after.
            let after = heads.as_ref().map(|heads| heads.after(id, room));
            let from = begin(cursors.of(id), room).or(after);
            let from = from.unwrap_or(heads::rev(room));
            let seat = (id, pair_of(room));
            outcome = gateway.rooms.join(connection, seat, from).await;
        }
        // If nobody took a seat, the stream was opened for nothing.
        gateway.rooms.release(id);
    }
    if outcome.is_ok() {
        let mut rooms = rooms;
        rooms.extend(gateway.people.catch_up(connection).await);
        presence::contacts::begin(gateway, connection, &rooms).await;
    }
    outcome
}

/// From which revision on a client gets a room's changes as events, if it can take up where it was.
fn begin(cursor: Option<i64>, room: &Room) -> Option<i64> {
    cursor.filter(|rev| *rev >= room.trimmed_rev && !is_too_far(*rev, heads::rev(room)))
}

/// Those of the rooms for which the client named a cursor that is of no use.
fn resync(rooms: &[Room], cursors: &Cursors) -> HashSet<RoomId> {
    let ids = rooms.iter().filter_map(|room| {
        let id = room.id.parse().ok()?;
        let cursor = cursors.of(id)?;
        begin(Some(cursor), room).is_none().then_some(id)
    });
    ids.collect()
}
