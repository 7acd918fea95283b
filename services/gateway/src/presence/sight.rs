//! What one user may see of others' presence: nothing of those who block them, and of when others were last
//! seen only what those allow.

use std::collections::HashMap;

use confab_fault::Fault;
use confab_ids::{RoomId, UserId};
use confab_proto::auth::LastSeenVisibility;
use confab_proto::message::ListHeadsRequest;

use super::query::{all_known, known};
use crate::dialect::native::PresenceView;
use crate::error::Error;
use crate::fanout::{Connection, Hidden};
use crate::gateway::Gateway;

/// How many rooms message-store is asked about at once.
const BATCH: usize = 500;

/// The presence of users, as `viewer` may see it, in the order asked for.
pub async fn seen_by(
    gateway: &Gateway,
    viewer: UserId,
    users: &[UserId],
) -> Result<Vec<PresenceView>, Error> {
    let hidden = hidden_from(gateway, viewer, users).await?;
    let views = known(gateway, users).await?.into_iter().zip(users);
    let seen = views.map(|(view, user)| as_seen(view, *user, hidden.get(user).copied()));
    all_known(seen.collect())
}

/// The same for a socket, as far as it is known; from now on it is shown no more than that of these users.
pub async fn look(
    gateway: &Gateway,
    connection: &Connection,
    users: &[UserId],
) -> Result<Vec<Option<PresenceView>>, Error> {
    let hidden = hidden_from(gateway, connection.principal.user, users).await?;
    connection.hide(users, &hidden);
    let views = known(gateway, users).await?.into_iter().zip(users);
    let seen = views.map(|(view, user)| as_seen(view, *user, connection.hidden(*user)));
    Ok(seen.collect())
}

/// What may be seen of a user. Of whom nothing may be seen, not even that it is unknown.
fn as_seen(
    view: Option<PresenceView>,
    user: UserId,
    hidden: Option<Hidden>,
) -> Option<PresenceView> {
    match hidden {
        Some(Hidden::All) => Some(PresenceView::of_nobody(user)),
        hidden => Some(view?.without(user, hidden)),
    }
}

/// What `viewer` may not see of these users; absent ones are seen whole.
pub async fn hidden_from(
    gateway: &Gateway,
    viewer: UserId,
    users: &[UserId],
) -> Result<HashMap<UserId, Hidden>, Fault> {
    let blockers = gateway.blocks.blockers(viewer).await;
    let ids: Vec<_> = users.iter().map(ToString::to_string).collect();
    let profiles = gateway
        .profiles
        .many(ids.iter().map(String::as_str))
        .await?;
    let (mut hidden, mut reserved) = (HashMap::new(), Vec::new());
    for (user, id) in users.iter().zip(&ids) {
        let Some(profile) = profiles.get(id).filter(|_| *user != viewer) else {
            continue;
        };
        match profile.last_seen_visibility() {
            _ if blockers.contains(user) => drop(hidden.insert(*user, Hidden::All)),
            LastSeenVisibility::Nobody => drop(hidden.insert(*user, Hidden::LastSeen)),
            LastSeenVisibility::Contacts => reserved.push(*user),
            LastSeenVisibility::Everyone | LastSeenVisibility::Unspecified => {}
        }
    }
    for users in reserved.chunks(BATCH) {
        let contacts = contacts(gateway, viewer, users).await?;
        let others = users.iter().zip(contacts).filter(|(_, known)| !known);
        hidden.extend(others.map(|(user, _)| (*user, Hidden::LastSeen)));
    }
    Ok(hidden)
}

/// Which of these users are contacts of `viewer`: those with whom something was said in the room of the two.
async fn contacts(gateway: &Gateway, viewer: UserId, users: &[UserId]) -> Result<Vec<bool>, Fault> {
    let rooms = users.iter().map(|user| RoomId::of_two(viewer, *user));
    let room_ids: Vec<_> = rooms.map(|room| room.to_string()).collect();
    let request = ListHeadsRequest {
        room_ids: room_ids.clone(),
    };
    let heads = gateway.clients.message_store.list_heads(request).await?;
    let used: std::collections::HashSet<String> = heads
        .heads
        .into_iter()
        .filter(|head| head.rev > 0)
        .map(|head| head.room_id)
        .collect();
    Ok(room_ids.iter().map(|room| used.contains(room)).collect())
}
