//! One socket: who is behind it, which rooms it is in, and how to be rid of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use confab_ids::{RoomId, UserId};
use parking_lot::Mutex;
use serde::Serialize;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use socketioxide::{SendError, SocketError};

use crate::principal::Principal;
use crate::transport::Cords;

/// How often a socket's typing in a room is passed on: whoever types says so again and again.
const TYPING_EVERY: Duration = Duration::from_secs(1);

/// One socket of a user on this replica.
pub struct Connection {
    /// Its Socket.IO id.
    pub id: Sid,
    /// Who is behind it.
    pub principal: Principal,
    /// When it connected.
    pub since: SystemTime,
    socket: SocketRef,
    cords: Cords,
    rooms: Mutex<HashSet<RoomId>>,
    watched: Mutex<HashSet<UserId>>,
    typing: Mutex<HashMap<RoomId, Typing>>,
    cut: AtomicBool,
    closed: AtomicBool,
}

/// What others were told of the user's typing in a room.
struct Typing {
    /// When they were last told that the user types.
    told: Instant,
    on: bool,
}

impl Connection {
    /// A socket that has just connected.
    pub fn new(socket: SocketRef, principal: Principal, cords: Cords) -> Self {
        Self {
            id: socket.id,
            principal,
            since: SystemTime::now(),
            socket,
            cords,
            rooms: Mutex::default(),
            watched: Mutex::default(),
            typing: Mutex::default(),
            cut: AtomicBool::new(false),
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

    /// Closes the transport, which makes the stock client reconnect; false if that was done before.
    pub fn cut(&self) -> bool {
        let first = !self.cut.swap(true, Ordering::AcqRel) && !self.is_closed();
        if first {
            self.cords.cut(self.id.as_str(), self.socket.req_parts());
        }
        first
    }

    /// `polling` or `websocket`.
    pub fn transport(&self) -> &'static str {
        match self.socket.transport_type() {
            socketioxide::TransportType::Polling => "polling",
            socketioxide::TransportType::Websocket => "websocket",
        }
    }

    /// Notes that the socket is in a room from now on; false if it was before, or is gone.
    pub fn enter(&self, room: RoomId) -> bool {
        let mut rooms = self.rooms.lock();
        !self.is_closed() && rooms.insert(room)
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
        self.watched.lock().remove(&user)
    }

    /// How many users the socket watches.
    pub fn watching(&self) -> usize {
        self.watched.lock().len()
    }

    /// Notes that the user types in a room, or has stopped; true if that is to be passed on.
    pub fn types(&self, room: RoomId, is_typing: bool) -> bool {
        let mut rooms = self.typing.lock();
        match (rooms.get_mut(&room), is_typing) {
            (Some(typing), true) if typing.told.elapsed() < TYPING_EVERY => false,
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
        self.cords.forget(self.id.as_str());
        (
            std::mem::take(&mut *self.rooms.lock()),
            std::mem::take(&mut *self.watched.lock()),
        )
    }
}

/// All sockets of this replica.
#[derive(Default)]
pub struct Connections(Mutex<HashMap<Sid, Arc<Connection>>>);

impl Connections {
    /// Adds a socket.
    pub fn add(&self, connection: &Arc<Connection>) {
        self.0.lock().insert(connection.id, connection.clone());
    }

    /// Takes a socket away.
    pub fn remove(&self, id: Sid) -> Option<Arc<Connection>> {
        self.0.lock().remove(&id)
    }

    /// All of them.
    pub fn all(&self) -> Vec<Arc<Connection>> {
        self.0.lock().values().cloned().collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.lock().len()
    }
}
