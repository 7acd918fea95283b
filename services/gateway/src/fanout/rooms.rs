//! The streams of all rooms that somebody here is in.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use confab_bus::{Subscriber, Topic};
use confab_fault::{Fault, Kind};
use confab_ids::RoomId;
use confab_proto::message::{Head, ListChangesRequest, ListHeadsRequest};
use parking_lot::Mutex;

use super::connection::Connection;
use super::holes::Holes;
use super::mend::mend;
use super::news::{News, sender_of, senders_of};
use super::sequencer::Position;
use super::stream::{Seating, Stream};
use super::ties::Ties;
use crate::clients::MessageStore;
use crate::dialect::Pair;
use crate::profile::Profiles;

/// How long a new stream waits for Redis before it goes on without: the heads are compared later.
const CONFIRM: Duration = Duration::from_secs(2);
/// What message-store answers at once.
const HEADS: usize = 1_000;
/// How many pages a socket may be behind before it has to begin anew.
const PAGES: usize = 100;

/// The streams. Clones share them.
#[derive(Clone)]
pub struct Rooms(Arc<Inner>);

struct Inner {
    streams: Mutex<HashMap<RoomId, Arc<Stream>>>,
    subscriber: Subscriber,
    message_store: MessageStore,
    profiles: Profiles,
    holes: Holes,
    ties: Ties,
}

impl Rooms {
    /// No stream yet.
    pub fn new(
        subscriber: Subscriber,
        message_store: MessageStore,
        profiles: Profiles,
        holes: Holes,
        ties: Ties,
    ) -> Self {
        Self(Arc::new(Inner {
            streams: Mutex::default(),
            subscriber,
            message_store,
            profiles,
            holes,
            ties,
        }))
    }

    /// What becomes of holes.
    pub fn holes(&self) -> Holes {
        self.0.holes
    }

    /// The store behind the streams.
    pub fn message_store(&self) -> &MessageStore {
        &self.0.message_store
    }

    /// Who the senders are.
    pub fn profiles(&self) -> &Profiles {
        &self.0.profiles
    }

    /// The stream of a room that somebody here is in.
    pub fn find(&self, room: RoomId) -> Option<Arc<Stream>> {
        self.0.streams.lock().get(&room).cloned()
    }

    /// All streams.
    pub fn all(&self) -> Vec<Arc<Stream>> {
        self.0.streams.lock().values().cloned().collect()
    }

    /// Starts the streams of rooms. Subscribes first and reads the heads then: between the two nothing
    /// can be lost.
    pub async fn start(&self, rooms: &[RoomId]) -> Result<(), Fault> {
        let streams: Vec<_> = rooms.iter().map(|room| self.find_or_open(*room)).collect();
        let new: Vec<_> = streams
            .iter()
            .filter(|stream| stream.sight().delivered.is_none())
            .collect();
        for stream in &new {
            if !stream.hold.confirmed(CONFIRM).await {
                tracing::warn!(room.id = %stream.room, "redis does not confirm, going on without");
                break;
            }
        }
        let ids: Vec<_> = new.iter().map(|stream| stream.room).collect();
        let heads = match self.heads(&ids).await {
            Ok(heads) => heads,
            Err(fault) => {
                streams.iter().for_each(|stream| self.drop_if_empty(stream));
                return Err(fault);
            }
        };
        for stream in new {
            if stream.start(heads.get(&stream.room).copied().unwrap_or_default()) {
                mend(self, stream.clone());
            }
        }
        Ok(())
    }

    /// Gives a socket everything in a room after revision `cursor`, and all that comes.
    pub async fn join(
        &self,
        connection: &Arc<Connection>,
        (room, pair): (RoomId, Pair),
        mut cursor: i64,
    ) -> Result<(), Fault> {
        for _ in 0..PAGES {
            if connection.is_closed() {
                self.release(room);
                return Ok(());
            }
            let seating = match self.find(room) {
                Some(stream) => stream.seat(connection, cursor, pair),
                None => Seating::Gone,
            };
            match seating {
                Seating::Seated => {
                    // It may have gone meanwhile, and the stream was opened for it alone.
                    self.release(room);
                    return Ok(());
                }
                Seating::Gone => self.start(&[room]).await?,
                Seating::Left => {
                    self.quit(connection, room);
                    return Ok(());
                }
                Seating::TooFarBehind => {
                    match self.catch_up(connection, (room, pair), cursor).await {
                        Ok(rev) => cursor = rev,
                        Err(fault) if fault.kind() == Kind::NotFound => {
                            self.quit(connection, room);
                            return Ok(());
                        }
                        Err(fault) => return Err(fault),
                    }
                }
            }
        }
        Err(Fault::new(
            Kind::Unavailable,
            "ROOM_TOO_BUSY",
            "the room moves faster than it can be read",
        ))
    }

    /// A socket's user is not a member any more.
    fn quit(&self, connection: &Connection, room: RoomId) {
        connection.exit(room);
        self.release(room);
    }

    /// A socket is gone from a room.
    pub fn leave(&self, connection: &Connection, room: RoomId) {
        if let Some(stream) = self.find(room)
            && stream.leave(connection.id)
        {
            self.forget(&stream);
        }
    }

    /// The exact heads of rooms.
    pub async fn heads(&self, rooms: &[RoomId]) -> Result<HashMap<RoomId, Position>, Fault> {
        let mut heads = HashMap::with_capacity(rooms.len());
        for batch in rooms.chunks(HEADS) {
            let room_ids = batch.iter().map(ToString::to_string).collect();
            let answer = self
                .0
                .message_store
                .list_heads(ListHeadsRequest { room_ids })
                .await?;
            heads.extend(answer.heads.iter().filter_map(position));
        }
        Ok(heads)
    }

    fn find_or_open(&self, room: RoomId) -> Arc<Stream> {
        let mut streams = self.0.streams.lock();
        let open = || {
            let hold = self.0.subscriber.hold(Topic::Room(room));
            Arc::new(Stream::new(room, hold, self.0.ties.clone()))
        };
        streams.entry(room).or_insert_with(open).clone()
    }

    async fn catch_up(
        &self,
        connection: &Connection,
        (room, pair): (RoomId, Pair),
        cursor: i64,
    ) -> Result<i64, Fault> {
        let request = ListChangesRequest {
            room_id: room.to_string(),
            after_rev: cursor,
            // Somebody's own view: what is hidden from them is left out.
            user_id: connection.principal.user.to_string(),
            limit: 0,
        };
        let page = self.0.message_store.list_changes(request).await?;
        let senders = self.0.profiles.senders(senders_of(&page.changes)).await;
        for change in page.changes {
            let sender = sender_of(&change).and_then(|from| senders.get(from).cloned());
            if let Some(news) = News::of_change(change, sender) {
                news.encode((room, pair), &self.0.ties.links)
                    .give(connection);
            }
        }
        Ok(page.complete_rev)
    }

    /// Ends a room's stream if no socket wants it.
    pub fn release(&self, room: RoomId) {
        if let Some(stream) = self.find(room) {
            self.drop_if_empty(&stream);
        }
    }

    fn drop_if_empty(&self, stream: &Arc<Stream>) {
        if stream.end_if_empty() {
            self.forget(stream);
        }
    }

    fn forget(&self, stream: &Arc<Stream>) {
        let mut streams = self.0.streams.lock();
        // A new stream may be in its place already.
        if streams
            .get(&stream.room)
            .is_some_and(|known| Arc::ptr_eq(known, stream))
        {
            streams.remove(&stream.room);
        }
    }
}

fn position(head: &Head) -> Option<(RoomId, Position)> {
    Some((
        head.room_id.parse().ok()?,
        Position {
            rev: head.rev,
            seq: head.seq,
        },
    ))
}
