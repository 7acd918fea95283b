//! What changed in rooms since a client was last here.

use std::collections::HashMap;

use confab_ids::RoomId;
use confab_proto::event::Sender;
use confab_proto::message::{Change, Head, ListChangesRequest};
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::Error;
use crate::fanout::senders_of;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// How many rooms one call may name.
const MOST_ROOMS: usize = 100;
/// How many revisions of each room one call looks at.
const PAGE: i32 = 200;
/// Who is further behind than this reads the history anew: it is less than all the changes.
pub const FURTHEST_BEHIND: i64 = 5_000;
/// How many rooms are asked for side by side.
const SIDE_BY_SIDE: usize = 8;

/// What a client says to learn what it has missed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(expecting = "an object")]
pub struct SyncRooms {
    /// Up to which revision the client has everything, by room.
    #[schema(value_type = HashMap<String, i64>)]
    pub cursors: HashMap<RoomId, i64>,
}

/// What has changed in one room.
pub struct Synced {
    /// Which room.
    pub room: RoomId,
    /// What became of it.
    pub outcome: Result<Page, Error>,
}

/// A part of what has changed.
pub struct Page {
    /// In the order of their revisions.
    pub changes: Vec<Change>,
    /// Who sent the messages among them.
    pub senders: HashMap<String, Sender>,
    /// Where the log ends.
    pub head: Head,
    /// Up to which revision nothing is missing.
    pub complete_rev: i64,
    /// The client is too far behind, or behind what is kept, or ahead of a store that was put back: it
    /// reads everything anew.
    pub resync: bool,
}

/// A page of what has changed in each of the rooms. One that the principal is not in is an error of that
/// room alone.
#[tracing::instrument(target = "confab", name = "room.sync", skip_all)]
pub async fn sync(
    gateway: &Gateway,
    principal: &Principal,
    command: SyncRooms,
) -> Result<Vec<Synced>, Error> {
    if command.cursors.len() > MOST_ROOMS {
        return Err(Error::field("cursors", "must be 100 rooms at most"));
    }
    if command.cursors.values().any(|rev| *rev < 0) {
        return Err(Error::field("cursors", "must be revisions, 0 or more"));
    }
    let synced = stream::iter(command.cursors).map(|(room, rev)| async move {
        let outcome = one(gateway, principal, room, rev).await;
        Synced { room, outcome }
    });
    Ok(synced.buffer_unordered(SIDE_BY_SIDE).collect().await)
}

async fn one(
    gateway: &Gateway,
    principal: &Principal,
    room: RoomId,
    rev: i64,
) -> Result<Page, Error> {
    let request = ListChangesRequest {
        user_id: principal.user.to_string(),
        room_id: room.to_string(),
        after_rev: rev,
        limit: PAGE,
    };
    let page = gateway.clients.message_store.list_changes(request).await?;
    let head = page.head.unwrap_or_default();
    if is_too_far(rev, head.rev) || page.trimmed_rev > rev {
        return Ok(Page {
            changes: Vec::new(),
            senders: HashMap::new(),
            complete_rev: rev,
            head,
            resync: true,
        });
    }
    let senders = gateway.profiles.senders(senders_of(&page.changes)).await;
    Ok(Page {
        changes: page.changes,
        senders,
        head,
        complete_rev: page.complete_rev,
        resync: false,
    })
}

/// Whether a client at `rev` had better begin anew.
pub const fn is_too_far(rev: i64, head_rev: i64) -> bool {
    rev > head_rev || head_rev - rev > FURTHEST_BEHIND
}
