//! People come into rooms, and leave them: the sockets there that see others unasked see who came from then
//! on, without connecting anew, and who left no more.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use confab_ids::UserId;
use tokio::sync::mpsc::Receiver;

use super::contacts::{MOST, OF_A_ROOM};
use super::query::known;
use super::sight::hidden_from;
use crate::dialect::Shows;
use crate::error::Error;
use crate::fanout::{Connection, Hidden, Move, Sighting, list_online};
use crate::gateway::Gateway;

/// A socket, and whom it sees from now on.
type Watch = (Arc<Connection>, Vec<UserId>);

/// Follows all moves, one after the other.
pub async fn follow(mut moves: Receiver<Move>, gateway: Arc<Gateway>) {
    while let Some(moved) = moves.recv().await {
        moved.connections.iter().for_each(|one| lose(one, &moved));
        let watches: Vec<Watch> = moved
            .connections
            .iter()
            .filter_map(|connection| meet(connection, &moved))
            .collect();
        if let Err(error) = tell(&gateway, &watches).await {
            tracing::warn!(%error, "cannot ask who is online of those who came, going on with what comes");
        }
    }
}

/// Those who left. There is no word for that: who wants the whole list gets another one.
fn lose(connection: &Arc<Connection>, moved: &Move) {
    let users = moved.leaving.iter();
    let lost = users.filter(|user| connection.contacts.leave(moved.room, **user));
    if lost.count() > 0 && connection.manner.shows == Shows::List {
        list_online(connection);
    }
}

/// Those who came; none if they are known, or there is no place for more.
fn meet(connection: &Arc<Connection>, moved: &Move) -> Option<Watch> {
    let most = usize::try_from(OF_A_ROOM).unwrap_or_default();
    let mut left = MOST.saturating_sub(connection.watching());
    let mut users = Vec::new();
    for user in &moved.coming {
        let is_other = *user != connection.principal.user;
        if is_other && left > 0 && connection.contacts.join(moved.room, *user, most) {
            users.push(*user);
            left -= 1;
        }
    }
    if !connection.is_in(moved.room) {
        // It went while this was waiting.
        connection.contacts.part(moved.room);
        return None;
    }
    (!users.is_empty()).then(|| (connection.clone(), users))
}

/// Watches who came, and tells of those who are online. Subscribes first and asks then, so that no change is
/// missed; asks once for all sockets.
async fn tell(gateway: &Gateway, watches: &[Watch]) -> Result<(), Error> {
    let users: BTreeSet<UserId> = watches
        .iter()
        .flat_map(|(_, users)| users)
        .copied()
        .collect();
    if users.is_empty() {
        return Ok(());
    }
    let users: Vec<_> = users.into_iter().collect();
    gateway.watchers.add_all(watches).await;
    let begun = Instant::now();
    for (connection, users) in watches {
        let hidden = hidden_from(gateway, connection.principal.user, users).await?;
        connection.hide(users, &hidden);
    }
    for (user, presence) in users.iter().zip(known(gateway, &users).await?) {
        let newer = gateway.watchers.told_since(*user, begun);
        // Of whom nothing is known, their gateway will tell.
        let Some(presence) = newer.or(presence).filter(|presence| presence.online) else {
            continue;
        };
        let sighting = Sighting::new(*user, presence);
        for (connection, users) in watches {
            if users.contains(user) && connection.hidden(*user) != Some(Hidden::All) {
                sighting.give(connection);
            }
        }
    }
    Ok(())
}
