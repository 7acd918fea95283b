//! Keeping the index up to date: rooms whose logs have moved are read on from where they were left. Who
//! looks after retention is told of them too.
//!
//! A send waits for none of this. A room that moves all the time is looked at once a second, so what is
//! read and written is batched. How far a room has come is kept with the room: after a crash, or when
//! too many rooms wait here, the next who searches there or writes there brings it up to date.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use confab_ids::RoomId;
use futures_util::{StreamExt as _, stream};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::terms::words;
use crate::context::Context;
use crate::error::Error;
use crate::log::changes::{Now, changes};
use crate::message::Message;
use crate::store::{SearchDocument, chain};

/// Between two looks; a message is found that much later, and the reading of a busy room's log is
/// batched by it.
const EVERY: Duration = Duration::from_secs(1);
/// How many rooms may wait. Those beyond come when they move again, or are searched.
const MOST_WAITING: usize = 100_000;
/// How many rooms are read side by side: an eighth of the connections, for sends come first.
const SIDE_BY_SIDE: usize = 4;
/// How many revisions are read at once.
const PAGE: i64 = 500;

/// Rooms that have moved since they were last indexed.
#[derive(Default)]
pub struct Backlog(Mutex<HashSet<RoomId>>);

impl Backlog {
    /// These rooms have moved.
    pub fn note(&self, rooms: impl IntoIterator<Item = RoomId>) {
        let mut waiting = self.0.lock();
        let free = MOST_WAITING.saturating_sub(waiting.len());
        waiting.extend(rooms.into_iter().take(free));
    }

    fn take(&self) -> Vec<RoomId> {
        self.0.lock().drain().collect()
    }
}

/// Indexes what has moved, once a second until `stop`.
pub async fn index_until(context: Arc<Context>, stop: CancellationToken) {
    while stop
        .run_until_cancelled(tokio::time::sleep(EVERY))
        .await
        .is_some()
    {
        let rooms = context.backlog.take();
        stream::iter(rooms)
            .for_each_concurrent(SIDE_BY_SIDE, |room| {
                let context = &context;
                async move {
                    if context.searchable
                        && let Err(error) = catch_up(context, room).await
                    {
                        tracing::warn!(%room, error = chain(&error), "a room is not indexed yet");
                        context.backlog.note([room]);
                    }
                    // Not before: what was taken away while it is being indexed would stay in the index.
                    context.moved.note(room);
                }
            })
            .await;
    }
}

/// Indexes a room up to its head.
///
/// # Errors
/// If the store fails. What was indexed until then is.
pub async fn catch_up(context: &Context, room: RoomId) -> Result<(), Error> {
    let marks = context.store.search_marks(&[room]).await?;
    let mut done = marks.get(&room).ok_or(Error::RoomNotFound)?.indexed_rev;
    loop {
        let page = changes(context, room, done, PAGE).await?;
        let (mut new, mut changed, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for entry in &page.changes {
            let Now::Message(message) = &entry.what else {
                continue;
            };
            match entry_of(message) {
                None => gone.push(message.id),
                Some(entry) if message.rev() == message.appended_rev => new.push(entry),
                Some(entry) => changed.push(entry),
            }
        }
        context.store.index_new(&new).await?;
        context.store.index_changed(&changed).await?;
        context.store.unindex(&gone).await?;
        if page.complete_rev > done {
            done = page.complete_rev;
            context.store.raise_search_mark(room, done).await?;
        }
        metrics::counter!("confab_message_store_indexed_total")
            .increment((new.len() + changed.len()) as u64);
        if done >= page.head.rev {
            return Ok(());
        }
    }
}

/// What a message can be found by; none if it cannot be found.
fn entry_of(message: &Message) -> Option<SearchDocument> {
    let words = words(message.content());
    let whose = (message.id, message.room, message.from);
    (!words.is_empty()).then(|| SearchDocument::new(whose, message.rev(), words))
}
