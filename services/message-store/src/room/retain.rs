//! Looking after retention: which rooms keep more than they should.
//!
//! Age makes rooms due by the clock, and they are found by it. Numbers only make rooms due that have
//! moved, so only those are looked at; after a crash, when they move again.

use std::collections::HashSet;
use std::sync::Arc;

use confab_ids::RoomId;
use futures_util::{StreamExt as _, stream};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::Room;
use super::trim::trim;
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::store::chain;

/// How many rooms that have moved wait to be looked at. Those beyond come when they move again.
const MOST_MOVED: usize = 100_000;
/// How many rooms are trimmed side by side: what people do comes first.
const SIDE_BY_SIDE: usize = 2;
/// How many rooms one look takes in.
const LOOK: usize = 1_000;

/// Rooms that have moved since they were last looked at.
#[derive(Default)]
pub struct Moved(Mutex<HashSet<RoomId>>);

impl Moved {
    /// This room has moved.
    pub fn note(&self, room: RoomId) {
        let mut rooms = self.0.lock();
        if rooms.len() < MOST_MOVED {
            rooms.insert(room);
        }
    }

    fn take(&self) -> Vec<RoomId> {
        self.0.lock().drain().collect()
    }
}

/// Trims what is due, again and again until `stop`.
pub async fn retain_until(context: Arc<Context>, stop: CancellationToken) {
    while stop
        .run_until_cancelled(tokio::time::sleep(context.retention_every))
        .await
        .is_some()
    {
        if let Err(error) = stop
            .run_until_cancelled(retain(&context))
            .await
            .unwrap_or(Ok(()))
        {
            tracing::warn!(
                error = chain(&error),
                "what is kept no longer stays a while"
            );
        }
    }
}

async fn retain(context: &Context) -> Result<(), Error> {
    for chunk in context.moved.take().chunks(LOOK) {
        let mut rooms = context.store.find_rooms(chunk).await?;
        rooms.retain(|room| keeps_too_much(context, room));
        trim_all(context, rooms).await;
    }
    let now = now_ms();
    let before = context.retention.since_ms(now);
    let due = context.store.due_rooms(before, now, LOOK).await?;
    trim_all(context, due).await;
    Ok(())
}

/// Whether it has more messages than it may, as far as is known without reading its log; or something is left of what
/// was to be taken away.
fn keeps_too_much(context: &Context, room: &Room) -> bool {
    let most = room.retention.within(context.retention).messages;
    let known = context.heads.known(room.id).unwrap_or_default();
    let kept = room.head_hint.or_further(known).seq - room.trimmed.seq;
    (most != 0 && kept > most) || room.trimmed.gone_rev < room.trimmed.rev
}

async fn trim_all(context: &Context, rooms: Vec<Room>) {
    stream::iter(rooms)
        .for_each_concurrent(SIDE_BY_SIDE, |room| async move {
            if let Err(error) = trim(context, &room).await {
                tracing::warn!(room = %room.id, error = chain(&error), "a log is not trimmed yet");
                context.moved.note(room.id);
            }
        })
        .await;
}
