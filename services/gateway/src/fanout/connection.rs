//! One socket: who is behind it, which rooms it is in, and how to be rid of it.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use confab_ids::{RoomId, UserId};
use confab_proto::message::Room;
use parking_lot::Mutex;
use serde::Serialize;
use socketioxide::extract::SocketRef;
use socketioxide::{SendError, SocketError};

use super::connection_id::ConnectionId;
use super::contacts::Contacts;
use crate::dialect::{Dialect, Manner, Packet, Told};
use crate::principal::Principal;
use crate::transport::Cords;

/// How often a socket's typing in a room is passed on: whoever types says so again and again.
const TYPING_EVERY: Duration = Duration::from_secs(1);
/// How soon a spell of typing may follow the beginning of the one before.
const SPELL_AFTER: Duration = Duration::from_millis(300);

/// What of a user's presence somebody may not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// When they were last seen.
    LastSeen,
    /// All of it.
    All,
}

/// One socket of a user on this replica.
pub struct Connection {
    /// Which it is.
    pub id: ConnectionId,
    /// What its client speaks.
    pub dialect: Dialect,
    /// How its client behaves.
    pub manner: Manner,
    /// Who is behind it.
    pub principal: Principal,
    /// When it connected.
    pub since: SystemTime,
    /// Whose presence its client sees unasked.
    pub contacts: Contacts,
    socket: SocketRef,
    cords: Cords,
    rooms: Mutex<HashSet<RoomId>>,
    /// Where its client says that it is, if its dialect has that.
    joined: Mutex<HashSet<RoomId>>,
    /// Until it is ready.
    kept: Mutex<Option<Vec<Room>>>,
    watched: Mutex<HashSet<UserId>>,
    typing: Mutex<HashMap<RoomId, Typing>>,
    /// When its token expires, in seconds since the Unix epoch; a renewal moves it.
    expires: AtomicU64,
    /// The client knows that its token has expired.
    told_expired: AtomicBool,
    /// What it may not see of those it watches.
    hidden: Mutex<HashMap<UserId, Hidden>>,
    cut: AtomicBool,
    revoked: AtomicBool,
    closed: AtomicBool,
}

/// How many rooms are kept for a socket that is being made ready, which takes a moment. What is beyond
/// is found when the user's rooms are looked at the next time.
const MOST_KEPT: usize = 1_000;
/// How many rooms a client may say that it is in.
const MOST_JOINED: usize = 1_000;

/// What others were told of the user's typing in a room.
struct Typing {
    /// When they were last told that the user types.
    told: Instant,
    on: bool,
}

impl Typing {
    /// How long nothing more of it is passed on: who still types is known to type, who types again is not.
    const fn pause(&self) -> Duration {
        if self.on { TYPING_EVERY } else { SPELL_AFTER }
    }
}

impl Connection {
    /// A socket that has just connected.
    pub fn new(
        socket: SocketRef,
        (dialect, namespace): (Dialect, &'static str),
        principal: Principal,
        cords: Cords,
    ) -> Self {
        let manner = dialect.vocabulary().manner();
        let until = match manner.stays {
            // Not a moment more: the token may have expired within the leeway that clocks are given.
            Duration::ZERO => principal.expires_at,
            stays => principal.expires_at.max(SystemTime::now() + stays),
        };
        Self {
            id: ConnectionId::of(&socket, namespace),
            dialect,
            manner,
            contacts: Contacts::default(),
            joined: Mutex::default(),
            expires: AtomicU64::new(seconds(until)),
            told_expired: AtomicBool::new(false),
            hidden: Mutex::default(),
            principal,
            since: SystemTime::now(),
            socket,
            cords,
            rooms: Mutex::default(),
            kept: Mutex::new(Some(Vec::new())),
            watched: Mutex::default(),
            typing: Mutex::default(),
            cut: AtomicBool::new(false),
            revoked: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        }
    }

    /// Sends an event. A socket whose buffer is full loses its transport, never an event alone: the
    /// client comes back and takes up where it was.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &'static str, payload: &T) {
        match self.socket.emit(event, payload) {
            Ok(()) | Err(SendError::Socket(SocketError::Closed)) => {}
            Err(SendError::Socket(SocketError::InternalChannelFull)) => {
                if self.cut() {
                    metrics::counter!("confab_gateway_overflowed_sockets_total").increment(1);
                    tracing::info!(connection.id = %self.id, user.id = %self.principal.user, "too slow, its transport is closed");
                }
            }
            Err(SendError::Serialize(error)) => {
                tracing::error!(%error, event, "an event that cannot be encoded");
            }
        }
    }

    /// Tells something in the words of the socket's dialect, to this socket alone.
    pub fn tell(&self, told: &Told<'_>) {
        self.give(&self.dialect.vocabulary().tell(told));
    }

    /// Gives what was put into words; false if nothing of it is for the socket's user.
    pub fn give(&self, packets: &[Packet]) -> bool {
        let user = self.principal.user;
        let mut given = false;
        for packet in packets.iter().filter(|packet| packet.is_for(user)) {
            self.emit(packet.event, &packet.payload);
            given = true;
        }
        given
    }

    /// Whether its client hears of what happens in a room that it is in.
    pub fn hears(&self, room: RoomId) -> bool {
        !self.manner.joins || self.joined.lock().contains(&room)
    }

    /// The client says that it is in a room.
    pub fn join(&self, room: RoomId) {
        let mut joined = self.joined.lock();
        if joined.len() < MOST_JOINED {
            joined.insert(room);
        }
    }

    /// Whether its transport was closed from here.
    pub fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Acquire)
    }

    /// Closes the transport, which makes the stock client reconnect; false if that was done before.
    pub fn cut(&self) -> bool {
        let first = !self.cut.swap(true, Ordering::AcqRel) && !self.is_closed();
        if first {
            self.cords
                .cut(self.id.sid.as_str(), self.socket.req_parts());
        }
        first
    }

    /// Ends the socket for good: its session is over. The stock client does not come back by itself. It is
    /// told once, by whichever of the ways in which this replica learns of it is first.
    pub fn revoke(&self) {
        if self.revoked.swap(true, Ordering::AcqRel) {
            return;
        }
        let session = &self.principal.session.to_string();
        self.tell(&Told::SessionRevoked { session });
        if self.socket.clone().disconnect().is_err() {
            // No room for the goodbye; who comes back is told again.
            self.cut();
        }
    }

    /// The socket's token is good until then; one that expires sooner changes nothing.
    pub fn renew(&self, expires_at: SystemTime) -> SystemTime {
        let before = self
            .expires
            .fetch_max(seconds(expires_at), Ordering::AcqRel);
        let after = before.max(seconds(expires_at));
        self.told_expired.store(false, Ordering::Release);
        UNIX_EPOCH + Duration::from_secs(after)
    }

    /// Tells the client that its token has expired, once, and closes the transport `grace` later, or at the
    /// next look if that is over: a client that has a new token by then comes back with it.
    pub(super) fn expire(&self, now: u64, grace: Duration) {
        let over = self.expires.load(Ordering::Acquire) + grace.as_secs();
        if !self.told_expired.swap(true, Ordering::AcqRel) {
            let closes_in_ms = over.saturating_sub(now).max(1) * 1_000;
            self.tell(&Told::SessionExpired { closes_in_ms });
        } else if over <= now && self.cut() {
            metrics::counter!("confab_gateway_expired_sockets_total").increment(1);
        }
    }

    /// What the socket may not see of users that it watches, or is about to; absent ones are seen whole.
    pub fn hide(&self, users: &[UserId], hidden: &HashMap<UserId, Hidden>) {
        let mut known = self.hidden.lock();
        for user in users {
            match hidden.get(user) {
                Some(hidden) => drop(known.insert(*user, *hidden)),
                None => drop(known.remove(user)),
            }
        }
    }

    /// What the socket may not see of a user.
    pub fn hidden(&self, user: UserId) -> Option<Hidden> {
        self.hidden.lock().get(&user).copied()
    }

    /// When its token expires, in seconds since the Unix epoch.
    pub(super) fn expires_at(&self) -> u64 {
        self.expires.load(Ordering::Acquire)
    }

    /// Whether the socket watches a user.
    pub fn watches(&self, user: UserId) -> bool {
        self.watched.lock().contains(&user)
    }

    /// `polling` or `websocket`.
    pub fn transport(&self) -> &'static str {
        match self.socket.transport_type() {
            socketioxide::TransportType::Polling => "polling",
            socketioxide::TransportType::Websocket => "websocket",
        }
    }

    /// Keeps a room that the user came into while the socket is being made ready: it may be among those
    /// that it is given anyway. False if the socket is ready, or gone.
    pub fn keep_for_later(&self, room: &Room) -> bool {
        match &mut *self.kept.lock() {
            Some(kept) => {
                if kept.len() < MOST_KEPT {
                    kept.push(room.clone());
                }
                true
            }
            None => false,
        }
    }

    /// The socket is ready; answers the rooms that were kept meanwhile.
    pub fn is_ready(&self) -> Vec<Room> {
        self.kept.lock().take().unwrap_or_default()
    }

    /// Notes that the socket is in a room from now on; false if it was before, or is gone.
    pub fn enter(&self, room: RoomId) -> bool {
        let mut rooms = self.rooms.lock();
        !self.is_closed() && rooms.insert(room)
    }

    /// Notes that the socket is no longer in a room.
    pub fn exit(&self, room: RoomId) {
        self.rooms.lock().remove(&room);
        self.joined.lock().remove(&room);
        self.contacts.part(room);
        self.typing.lock().remove(&room);
    }

    /// Whether the socket is in a room.
    pub fn is_in(&self, room: RoomId) -> bool {
        self.rooms.lock().contains(&room)
    }

    /// Notes that the socket watches a user; false if it did before, or is gone.
    pub fn watch(&self, user: UserId) -> bool {
        let mut watched = self.watched.lock();
        !self.is_closed() && watched.insert(user)
    }

    /// Notes that the socket no longer watches a user; false if it did not.
    pub fn unwatch(&self, user: UserId) -> bool {
        self.hidden.lock().remove(&user);
        self.watched.lock().remove(&user)
    }

    /// How many users the socket watches.
    pub fn watching(&self) -> usize {
        self.watched.lock().len()
    }

    /// Notes that the user types in a room, or has stopped; true if that is to be passed on. Of a socket that
    /// is gone nothing is.
    pub fn types(&self, room: RoomId, is_typing: bool) -> bool {
        let mut rooms = self.typing.lock();
        if self.is_closed() {
            return false;
        }
        match (rooms.get_mut(&room), is_typing) {
            (Some(typing), true) if typing.told.elapsed() < typing.pause() => false,
            (_, true) => {
                let told = Instant::now();
                rooms.insert(room, Typing { told, on: true });
                true
            }
            (Some(typing), false) => std::mem::take(&mut typing.on),
            (None, false) => false,
        }
    }

    /// Where the user types, as far as others were told; they no longer do.
    pub fn stops_typing(&self) -> Vec<RoomId> {
        let rooms = std::mem::take(&mut *self.typing.lock());
        let on = rooms.into_iter().filter(|(_, typing)| typing.on);
        on.map(|(room, _)| room).collect()
    }

    /// Whether the socket is gone.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// The socket is gone: nothing may be added any more. Answers where it was.
    pub fn close(&self) -> (HashSet<RoomId>, HashSet<UserId>) {
        self.closed.store(true, Ordering::Release);
        (
            std::mem::take(&mut *self.rooms.lock()),
            std::mem::take(&mut *self.watched.lock()),
        )
    }
}

pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
