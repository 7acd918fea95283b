//! One room's stream on this replica: its order, the sockets that want it, and what they got last.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use confab_bus::Hold;
use confab_chassis::trace;
use confab_ids::{RoomId, UserId};
use confab_proto::event::CursorAdvanced;
use parking_lot::Mutex;

use super::connection::Connection;
use super::connection_id::ConnectionId;
use super::news::{Encoded, News};
use super::sequencer::{Position, Sequencer};
use super::ties::{Move, Ties};
use super::typists::Typists;
use crate::dialect::{Packets, Pair, Shows, Told};

/// How many of the last changes are kept encoded, for sockets that join a moment behind.
const RECENT: usize = 64;

/// A change, and the trace that it belongs to.
pub struct Change {
    /// What changed.
    pub news: News,
    /// The trace of the request that caused it; empty if it was read from the store.
    pub traceparent: String,
}

/// One room's stream.
pub struct Stream {
    /// The room.
    pub room: RoomId,
    /// Keeps the room's topic subscribed.
    pub hold: Hold,
    /// Whether somebody is filling a hole.
    pub mending: AtomicBool,
    state: Mutex<State>,
}

struct State {
    ties: Ties,
    sequencer: Sequencer<Change>,
    recent: VecDeque<Encoded>,
    seats: HashMap<ConnectionId, Seat>,
    typists: Typists,
    /// Known once somebody has taken a seat.
    pair: Pair,
    /// No socket wanted it any more, and a new stream may be in its place.
    ended: bool,
}

struct Seat {
    connection: Arc<Connection>,
    /// The socket has everything up to this revision.
    after: i64,
}

/// What became of taking a seat.
#[derive(Debug, PartialEq, Eq)]
pub enum Seating {
    /// The socket gets everything after its cursor, from now on by itself.
    Seated,
    /// The cursor is further back than what is kept here.
    TooFarBehind,
    /// The user is no longer a member.
    Left,
    /// The stream has ended, or has not started: look it up again.
    Gone,
}

/// How a stream looks from outside.
pub struct Sight {
    /// Up to where it has been delivered.
    pub delivered: Option<Position>,
    /// Changes that wait for a hole to be filled.
    pub waiting: usize,
    /// Sockets.
    pub seats: usize,
}

impl Stream {
    /// A stream that has not started.
    pub fn new(room: RoomId, hold: Hold, ties: Ties) -> Self {
        let state = State {
            ties,
            sequencer: Sequencer::default(),
            recent: VecDeque::new(),
            seats: HashMap::new(),
            typists: Typists::default(),
            pair: None,
            ended: false,
        };
        Self {
            room,
            hold,
            mending: AtomicBool::new(false),
            state: Mutex::new(state),
        }
    }

    /// How it looks.
    pub fn sight(&self) -> Sight {
        let state = self.state.lock();
        Sight {
            delivered: state.sequencer.delivered(),
            waiting: state.sequencer.waiting(),
            seats: state.seats.len(),
        }
    }

    /// Begins after `head`, if it has not begun; true if something is missing already.
    pub fn start(&self, head: Position) -> bool {
        let mut state = self.state.lock();
        let ready = state.sequencer.start(head);
        state.deliver(self.room, ready);
        state.sequencer.is_behind()
    }

    /// Takes a change as it comes; true if something is missing now.
    pub fn offer(&self, change: Change) -> bool {
        let at = change.news.position();
        let mut state = self.state.lock();
        if let Some(author) = change.news.author()
            && state.typists.end(author)
        {
            state.tell_typing(self.room, author, false);
        }
        let ready = state.sequencer.offer(at, change);
        state.deliver(self.room, ready);
        state.sequencer.is_behind()
    }

    /// Takes what the store says has changed up to revision `complete`.
    pub fn fill(&self, complete: i64, changes: Vec<(Position, Change)>) {
        let mut state = self.state.lock();
        let ready = state.sequencer.fill(complete, changes);
        metrics::counter!("confab_gateway_filled_changes_total").increment(ready.len() as u64);
        state.deliver(self.room, ready);
    }

    /// Gives up the hole before the next change that is there.
    pub fn skip(&self) {
        let mut state = self.state.lock();
        let ready = state.sequencer.skip();
        state.deliver(self.room, ready);
    }

    /// The room is known to have come as far as revision `rev`; true if something is missing now.
    pub fn know(&self, rev: i64) -> bool {
        let mut state = self.state.lock();
        state.sequencer.know(rev);
        state.sequencer.is_behind()
    }

    /// Whether something is known to be missing, and somebody here wants it.
    pub fn is_behind(&self) -> bool {
        let state = self.state.lock();
        !state.ended && state.sequencer.is_behind()
    }

    /// Gives a socket what it lacks after `cursor`, and everything from now on, without a gap between.
    pub fn seat(&self, connection: &Arc<Connection>, cursor: i64, pair: Pair) -> Seating {
        let mut state = self.state.lock();
        state.pair = pair;
        let Some(delivered) = state.sequencer.delivered().filter(|_| !state.ended) else {
            return Seating::Gone;
        };
        if cursor < delivered.rev {
            let oldest = state.recent.front().map_or(i64::MAX, |news| news.rev);
            if oldest > cursor + 1 {
                return Seating::TooFarBehind;
            }
            let mut is_member = true;
            for news in state.recent.iter().filter(|news| news.rev > cursor) {
                news.give(connection);
                is_member = news.leaves_as_member(connection.principal.user, is_member);
            }
            if !is_member {
                return Seating::Left;
            }
        }
        // Under this lock: a socket that closes later finds its seat and gives it up.
        if !connection.is_closed() {
            let after = cursor.max(delivered.rev);
            state.seats.insert(
                connection.id,
                Seat {
                    connection: connection.clone(),
                    after,
                },
            );
        }
        Seating::Seated
    }

    /// Gives a socket's seat up; true if that was the last one and the stream has ended.
    pub fn leave(&self, id: ConnectionId) -> bool {
        let mut state = self.state.lock();
        state.seats.remove(&id);
        state.end_if_empty()
    }

    /// Ends the stream if no socket wants it.
    pub fn end_if_empty(&self) -> bool {
        self.state.lock().end_if_empty()
    }

    /// Sends an event that is no change of the log to all sockets, but not to those of `except`.
    pub fn tell<'a>(&self, told: &dyn Fn(Pair) -> Told<'a>, except: Option<UserId>) {
        self.state.lock().tell(self.room, told, except);
    }

    /// A member types. The others' sockets hear of it if it is new to them; true if it was, and somebody
    /// has to see to its end.
    pub fn types(&self, user: UserId, lasts: Duration) -> bool {
        let mut state = self.state.lock();
        let changed = state.typists.begin(user, Instant::now(), lasts);
        if changed {
            state.tell_typing(self.room, user, true);
        }
        changed
    }

    /// A member has stopped typing. The others' sockets hear of it if it is new to them.
    pub fn stops_typing(&self, user: UserId) {
        let mut state = self.state.lock();
        if state.typists.end(user) {
            state.tell_typing(self.room, user, false);
        }
    }

    /// The ids of the messages of others that somebody has read, if all of them came lately; none if the
    /// store has to be asked, or nobody here wants them by their ids.
    pub fn read_lately(&self, cursor: &CursorAdvanced) -> Option<Vec<String>> {
        let (after, upto) = (cursor.previous_read_seq, cursor.read_seq);
        let state = self.state.lock();
        let read = || {
            let news = state.recent.iter().filter_map(Encoded::appended);
            news.filter(|(seq, ..)| *seq > after && *seq <= upto)
        };
        let all = usize::try_from(upto - after).is_ok_and(|count| read().count() == count);
        let others = read().filter(|(_, id, from)| *from != cursor.user_id && !id.is_empty());
        all.then(|| others.map(|(_, id, _)| id.to_owned()).collect())
    }

    /// Whether somebody here wants what was read by its ids.
    pub fn names_read(&self) -> bool {
        let state = self.state.lock();
        let mut seats = state.seats.values();
        seats.any(|seat| seat.connection.manner.names_read)
    }

    /// Waits until a typist stops, or has not been heard of for a while.
    pub async fn typist_stops(&self, user: UserId) {
        loop {
            let until = self.state.lock().typists.until(user);
            match until {
                Some(until) if until > Instant::now() => {
                    tokio::time::sleep_until(until.into()).await
                }
                Some(_) => self.stops_typing(user),
                None => return,
            }
        }
    }

    /// Claims the mending of a hole; false if somebody is at it.
    pub fn claim_mending(&self) -> bool {
        !self.mending.swap(true, Ordering::AcqRel)
    }
}

impl State {
    /// Encodes each change once and gives it to every socket. The lock is held meanwhile, so that the
    /// order is one; nothing here waits.
    fn deliver(&mut self, room: RoomId, ready: Vec<(Position, Change)>) {
        for (at, change) in ready {
            let span = tracing::info_span!(
                target: "confab", "deliver", otel.kind = "consumer",
                rev = at.rev, sockets = self.seats.len(),
            );
            trace::adopt(&span, &change.traceparent);
            let _entered = span.entered();
            let news = change.news.encode((room, self.pair), &self.ties.links);
            let mut sockets = 0;
            for seat in self.seats.values().filter(|seat| seat.after < at.rev) {
                sockets += u64::from(news.give(&seat.connection));
            }
            metrics::counter!("confab_gateway_delivered_messages_total").increment(sockets);
            if news.parts() {
                self.part(room, &news);
            }
            if let Some(moves) = news.moves() {
                self.moved(room, moves);
            }
            if self.recent.len() == RECENT {
                self.recent.pop_front();
            }
            self.recent.push_back(news);
        }
    }

    /// Those who are no longer members have heard of that, and hear no more.
    fn part(&mut self, room: RoomId, news: &Encoded) {
        self.seats.retain(|_, seat| {
            let stays = news.leaves_as_member(seat.connection.principal.user, true);
            if !stays {
                seat.connection.exit(room);
            }
            stays
        });
    }

    /// Those who see others unasked are to see them come and go, or no more.
    fn moved(&self, room: RoomId, (coming, leaving): (&[UserId], &[UserId])) {
        let seats = self.seats.values().map(|seat| &seat.connection);
        let seeing = seats.filter(|connection| connection.manner.shows != Shows::Asked);
        self.ties.moved(Move {
            room,
            coming: coming.to_vec(),
            leaving: leaving.to_vec(),
            connections: seeing.cloned().collect(),
        });
    }

    fn tell<'a>(&self, room: RoomId, told: &dyn Fn(Pair) -> Told<'a>, except: Option<UserId>) {
        let packets = Packets::default();
        for seat in self.seats.values() {
            if Some(seat.connection.principal.user) != except && seat.connection.hears(room) {
                seat.connection
                    .give(packets.of(seat.connection.dialect, || told(self.pair)));
            }
        }
    }

    fn tell_typing(&self, room: RoomId, user: UserId, is_typing: bool) {
        let told = |pair| Told::Typing {
            room,
            user,
            is_typing,
            pair,
        };
        self.tell(room, &told, Some(user));
    }

    fn end_if_empty(&mut self) -> bool {
        self.ended |= self.seats.is_empty();
        self.ended
    }
}
