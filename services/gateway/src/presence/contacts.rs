//! Those with whom a user shares rooms: in dialects that show their presence unasked, their coming and
//! going is told, and nobody else's.

use std::sync::Arc;
use std::time::Instant;

use confab_ids::UserId;
use confab_proto::message::{ListMembersRequest, Room};
use futures_util::{StreamExt as _, stream};

use super::sight;
use crate::dialect::{Shows, Told};
use crate::error::Error;
use crate::fanout::{Connection, Sighting, list_online};
use crate::gateway::Gateway;

/// How many users one socket sees unasked.
pub const MOST: usize = 1_000;
/// How many members of each room.
pub const OF_A_ROOM: i32 = 100;
/// How many a room names by itself.
const NAMED: i32 = 10;
/// How many large rooms are asked about side by side.
const SIDE_BY_SIDE: usize = 8;

/// A socket is ready: it is told who is online of those in its rooms, and of each change from now on.
pub async fn begin(gateway: &Gateway, connection: &Arc<Connection>, rooms: &[Room]) {
    if connection.manner.shows == Shows::Asked {
        return;
    }
    let online = match look(gateway, connection, rooms).await {
        Ok(online) => online,
        Err(error) => {
            tracing::warn!(%error, "cannot ask who is online, going on with what comes");
            Vec::new()
        }
    };
    if connection.manner.shows == Shows::List {
        let own = connection.principal.user;
        drop(connection.contacts.begin(online.into_iter().chain([own])));
        return list_online(connection);
    }
    let online = connection.contacts.begin(online);
    let online: Vec<_> = online.iter().map(ToString::to_string).collect();
    connection.tell(&Told::Online(&online));
}

/// A socket came into further rooms: it is told who is online there.
pub async fn meet(gateway: &Gateway, connection: &Arc<Connection>, rooms: &[Room]) {
    if connection.manner.shows == Shows::Asked {
        return;
    }
    match look(gateway, connection, rooms).await {
        Ok(online) => {
            for user in online {
                let view = crate::dialect::native::PresenceView {
                    user_id: user.to_string(),
                    online: true,
                    last_seen: None,
                };
                Sighting::new(user, view).give(connection);
            }
        }
        Err(error) => tracing::warn!(%error, "cannot ask who is online in a new room"),
    }
}

/// Watches the members of rooms, and answers those who are online. Subscribes first and asks then, so that
/// no change is missed.
async fn look(
    gateway: &Gateway,
    connection: &Arc<Connection>,
    rooms: &[Room],
) -> Result<Vec<UserId>, Error> {
    let me = connection.principal.user;
    let asked: Vec<_> = rooms
        .iter()
        .map(|room| members(gateway, me, room))
        .collect();
    let members: Vec<_> = stream::iter(asked).buffered(SIDE_BY_SIDE).collect().await;
    let mut users = Vec::new();
    let room_left = MOST.saturating_sub(connection.watching());
    for (room, members) in rooms.iter().zip(members) {
        let Ok(room) = room.id.parse() else { continue };
        users.extend(members.iter().copied());
        connection.contacts.meet(room, members);
    }
    users.sort_unstable();
    users.dedup();
    users.truncate(room_left);
    gateway.watchers.add(connection, &users).await;
    let begun = Instant::now();
    let mut online = Vec::new();
    // As many as presence answers at once.
    let seen = sight::look(gateway, connection, &users).await?;
    for (user, mut presence) in users.into_iter().zip(seen) {
        if let Some(newer) = gateway.watchers.told_since(user, begun) {
            presence = Some(newer.without(user, connection.hidden(user)));
        }
        // Of whom nothing is known, their gateway will tell.
        if presence.is_some_and(|presence| presence.online) {
            online.push(user);
        }
    }
    Ok(online)
}

/// The others in a room, as many as are shown.
async fn members(gateway: &Gateway, me: UserId, room: &Room) -> Vec<UserId> {
    let mut ids = room.member_ids.clone();
    if room.member_count > NAMED {
        let request = ListMembersRequest {
            user_id: me.to_string(),
            room_id: room.id.clone(),
            limit: OF_A_ROOM,
            after_user_id: String::new(),
        };
        match gateway.clients.message_store.list_members(request).await {
            Ok(page) => ids = page.members.into_iter().map(|one| one.user_id).collect(),
            Err(fault) => {
                tracing::warn!(%fault, "cannot ask who is in a room, going on with the first")
            }
        }
    }
    let users = ids.iter().filter_map(|id| id.parse().ok());
    users.filter(|user| *user != me).collect()
}
