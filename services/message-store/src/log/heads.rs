//! What this process knows of where logs end, and how it finds out more.
//!
//! A head in memory was durable when it came in, so the log goes at least so far; another replica may
//! have gone on since. Who must know exactly reads on from there.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use confab_ids::RoomId;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use moka::sync::Cache;

use super::Head;
use crate::message::Message;
use crate::store::{Store, StoreError};

/// A hundred bytes each.
const MOST_KNOWN: u64 = 100_000;
/// How many rooms are looked at side by side for one caller; a quarter of the connections.
const SIDE_BY_SIDE: usize = 8;

/// The end of a log with its last message.
#[derive(Clone, Debug, Default)]
pub struct Tail {
    pub head: Head,
    pub last: Option<Message>,
}

/// Where logs end.
pub struct Heads {
    store: Store,
    known: Cache<RoomId, Head>,
    outages: AtomicU64,
}

impl Heads {
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            store,
            known: Cache::new(MOST_KNOWN),
            outages: AtomicU64::new(0),
        }
    }

    /// How far the log goes at least, if anything is known of it.
    #[must_use]
    pub fn known(&self, room: RoomId) -> Option<Head> {
        // A store that lost its last moments in a crash may lack what was read from it just before.
        let outages = self.store.outages();
        if self.outages.load(Ordering::Relaxed) != outages {
            self.outages.store(outages, Ordering::Relaxed);
            self.known.invalidate_all();
        }
        self.known.get(&room)
    }

    /// The log goes at least so far.
    pub fn raise(&self, room: RoomId, head: Head) {
        self.known.entry(room).and_upsert_with(|entry| match entry {
            Some(known) => known.into_value().or_further(head),
            None => head,
        });
    }

    /// What is known of this log has proved wrong or doubtful.
    pub fn forget(&self, room: RoomId) {
        self.known.invalidate(&room);
    }

    /// Heads to write after: good enough if nobody else writes, and if somebody does, the store will
    /// refuse. Rooms that do not exist are left out.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn to_write_after(
        &self,
        rooms: &[RoomId],
    ) -> Result<HashMap<RoomId, Head>, StoreError> {
        let mut heads = HashMap::with_capacity(rooms.len());
        let mut unknown = Vec::new();
        for room in rooms {
            match self.known(*room) {
                Some(head) => drop(heads.insert(*room, head)),
                None => unknown.push(*room),
            }
        }
        if !unknown.is_empty() {
            heads.extend(self.exact(&unknown).await?);
        }
        Ok(heads)
    }

    /// Exact heads: each covers all that was durable anywhere before the call. Rooms that do not exist
    /// are left out.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn exact(&self, rooms: &[RoomId]) -> Result<HashMap<RoomId, Head>, StoreError> {
        let starts = self.starts(rooms).await?;
        stream::iter(starts)
            .map(|(room, start)| async move {
                let mut head = start.head;
                for end in self.store.log_ends(room, start.from_rev).await? {
                    head = head.or_further(end);
                }
                self.raise(room, head);
                Ok((room, head))
            })
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await
    }

    /// The exact head of one room; none if it does not exist.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn exact_one(&self, room: RoomId) -> Result<Option<Head>, StoreError> {
        Ok(self.exact(&[room]).await?.remove(&room))
    }

    /// Exact heads with their last messages, for rooms whose documents are at hand with their hints.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn tails(
        &self,
        rooms: Vec<(RoomId, Head)>,
    ) -> Result<HashMap<RoomId, Tail>, StoreError> {
        stream::iter(rooms)
            .map(|(room, hint)| async move {
                let mut head = self.known(room).unwrap_or_default().or_further(hint);
                let mut last: Option<Message> = None;
                for (end, message) in self.store.log_tail(room, head.rev.max(1)).await? {
                    head = head.or_further(end);
                    let seq = last.as_ref().map_or(0, |last| last.seq);
                    last = message.filter(|message| message.seq > seq).or(last);
                }
                if last.as_ref().map_or(0, |last| last.seq) < head.seq {
                    // The log ends in changes of messages further back.
                    let found = self.store.messages_by_seq(room, head.seq, head.seq).await?;
                    last = found.into_iter().next();
                }
                self.raise(room, head);
                Ok((room, Tail { head, last }))
            })
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await
    }

    /// From where to read on in each room that exists.
    async fn starts(&self, rooms: &[RoomId]) -> Result<Vec<(RoomId, Start)>, StoreError> {
        let mut starts = Vec::with_capacity(rooms.len());
        let mut unknown = Vec::new();
        for room in rooms {
            match self.known(*room) {
                Some(head) => starts.push((
                    *room,
                    Start {
                        head,
                        from_rev: head.rev + 1,
                    },
                )),
                None => unknown.push(*room),
            }
        }
        if !unknown.is_empty() {
            for (room, head) in self.store.head_hints(&unknown).await? {
                // The hinted message itself is read again, for its time.
                starts.push((
                    room,
                    Start {
                        head,
                        from_rev: head.rev.max(1),
                    },
                ));
            }
        }
        Ok(starts)
    }
}

/// From where to read on.
struct Start {
    head: Head,
    from_rev: i64,
}
