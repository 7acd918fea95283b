//! One writer: takes what waits, writes it as one batch, and tells each who waits what became of it.
//!
//! An insert ends in one of three ways. All is durable. Or a unique index refused one message: those
//! before it are durable and those after it were not written. Or nobody knows. In the latter two cases
//! each message left is looked up by its identity (room, sender, client message id), which finds it if
//! it was written by whatever attempt or replica. What is not found gets new places, after heads read
//! anew, and is written again. An attempt of unknown outcome may still arrive after that: it then
//! carries places that are taken or that nobody has passed yet, and the indexes decide as always.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use confab_ids::{RoomId, UserId};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::batch::{Entry, Item, identity, join};
use super::hints::Hints;
use super::recent::Recent;
use super::{Head, Heads, Record};
use crate::clock::now_ms;
use crate::error::Error;
use crate::store::{Encoded, Stopped, Store, StoreError, chain};

/// With the longest of messages, 2 MB: a small part of what a command may have.
const BATCH: usize = 256;
/// How many look-ups run side by side.
const SIDE_BY_SIDE: usize = 8;

pub struct Writer {
    store: Store,
    heads: Arc<Heads>,
    hints: Arc<Hints>,
    recent: Recent,
    queue_length: metrics::Gauge,
}

impl Writer {
    pub fn new(number: usize, store: Store, heads: Arc<Heads>, hints: Arc<Hints>) -> Self {
        let writer = number.to_string();
        let queue_length =
            metrics::gauge!("confab_message_store_log_queue_length", "writer" => writer);
        Self {
            store,
            heads,
            hints,
            recent: Recent::default(),
            queue_length,
        }
    }

    /// Writes until `stop`, and then what is still waiting.
    pub async fn run(mut self, mut queue: mpsc::Receiver<Entry>, stop: CancellationToken) {
        let mut entries = Vec::with_capacity(BATCH);
        let mut stopped = pin!(stop.cancelled_owned());
        loop {
            tokio::select! {
                count = queue.recv_many(&mut entries, BATCH) => {
                    if count == 0 {
                        return;
                    }
                    self.queue_length.set(f64::from(u32::try_from(queue.len()).unwrap_or(u32::MAX)));
                    let items = join(entries.drain(..), &self.recent);
                    self.write(items).await;
                }
                () = &mut stopped, if !queue.is_closed() => queue.close(),
            }
        }
    }

    /// Writes all items, or tells those whose time is up why not.
    async fn write(&mut self, mut items: Vec<Item>) {
        let mut pause = Duration::from_millis(1);
        loop {
            let (left, reason) = self.attempt(items).await;
            // Nobody waits for a store that is known to be away.
            let is_away = matches!(reason, Error::Store(StoreError::Away));
            let (late, left): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|item| is_away || item.is_late());
            for item in late {
                item.failed(&reason);
            }
            if left.is_empty() {
                return;
            }
            items = left;
            tokio::time::sleep(pause).await;
            // A replica that writes to the same rooms needs milliseconds, a store that restarts seconds.
            pause = (pause * 2).min(Duration::from_millis(250));
        }
    }

    /// Tries once. Answers what is left to be tried again, and why.
    async fn attempt(&mut self, items: Vec<Item>) -> (Vec<Item>, Error) {
        let mut items = match self.place(items).await {
            Ok(items) => items,
            Err((items, error)) => return (items, error.into()),
        };
        if items.is_empty() {
            return (items, Error::LogContended);
        }
        let encoded = Encoded::of(items.iter().map(|item| &item.record));
        let written = self.store.insert_in_order(encoded).await;
        let mut left = items.split_off(written.durable);
        self.settle(items);
        let reason = match written.stopped {
            None => return (left, Error::LogContended),
            Some(Stopped::Duplicate) => Error::LogContended,
            Some(Stopped::Unknown(StoreError::Away)) => return (left, StoreError::Away.into()),
            Some(Stopped::Unknown(error)) => {
                tracing::warn!(
                    error = chain(&error),
                    messages = left.len(),
                    "nobody knows whether a batch was written"
                );
                if error.is_in_doubt() {
                    left.iter_mut().for_each(Item::doubt);
                }
                error.into()
            }
        };
        metrics::counter!("confab_message_store_append_conflicts_total").increment(1);
        self.resolve(left, reason).await
    }

    /// Gives each message the next place in its room. Those for rooms that do not exist are answered.
    async fn place(&self, items: Vec<Item>) -> Result<Vec<Item>, (Vec<Item>, StoreError)> {
        let mut rooms: Vec<RoomId> = items.iter().map(|item| item.record.room).collect();
        rooms.sort_unstable();
        rooms.dedup();
        let mut heads = match self.heads.to_write_after(&rooms).await {
            Ok(heads) => heads,
            Err(error) => return Err((items, error)),
        };
        let now = now_ms();
        let mut placed = Vec::with_capacity(items.len());
        for mut item in items {
            match heads.get_mut(&item.record.room) {
                Some(head) => {
                    *head = item.record.place(*head, now);
                    placed.push(item);
                }
                None => item.failed(&Error::RoomNotFound),
            }
        }
        Ok(placed)
    }

    /// These items are durable.
    fn settle(&mut self, items: Vec<Item>) {
        if items.is_empty() {
            return;
        }
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        metrics::counter!("confab_message_store_appended_total").increment(u64::from(count));
        metrics::histogram!("confab_message_store_append_batch_size").record(f64::from(count));
        let mut heads: HashMap<RoomId, Head> = HashMap::with_capacity(items.len());
        for item in items {
            let Record {
                room,
                rev,
                seq,
                at_ms,
                ..
            } = item.record;
            let head: &mut Head = heads.entry(room).or_default();
            // Of a change, the number is none, and below all others.
            *head = head.or_further(Head { rev, seq, at_ms });
            self.recent.keep(item.written());
        }
        for (room, head) in &heads {
            self.heads.raise(*room, *head);
        }
        self.hints.note(heads);
    }

    /// Answers those of the items that are in the store, and leaves the others.
    async fn resolve(&mut self, items: Vec<Item>, reason: Error) -> (Vec<Item>, Error) {
        for item in &items {
            self.heads.forget(item.record.room);
        }
        let found = match self.look_up(&items).await {
            Ok(found) => found,
            Err(error) => return (items, error.into()),
        };
        let mut left = Vec::new();
        for item in items {
            let Record {
                room,
                from,
                client_message_id,
                ..
            } = &item.record;
            match found.get(&identity(*room, *from, client_message_id)) {
                Some(record) if record.client_message_id == *client_message_id => {
                    self.recent.keep(record.clone());
                    item.found(record);
                }
                _ => left.push(item),
            }
        }
        (left, reason)
    }

    async fn look_up(&self, items: &[Item]) -> Result<HashMap<u64, Arc<Record>>, StoreError> {
        let mut sent: HashMap<(RoomId, UserId), Vec<String>> = HashMap::new();
        for Item { record, .. } in items {
            let ids = sent.entry((record.room, record.from)).or_default();
            ids.push(record.client_message_id.clone());
        }
        stream::iter(sent)
            .map(|((room, from), ids)| async move { self.store.find_sent(room, from, ids).await })
            .buffer_unordered(SIDE_BY_SIDE)
            .try_fold(HashMap::new(), |mut found, records| {
                for record in records {
                    let key = identity(record.room, record.from, &record.client_message_id);
                    found.insert(key, Arc::new(record));
                }
                std::future::ready(Ok(found))
            })
            .await
    }
}
