//! The sockets of each user here, and what happens to a user.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use confab_bus::{Hold, Subscriber, Topic};
use confab_ids::{RoomId, UserId};
use confab_proto::event::CursorAdvanced;
use confab_proto::message::Room;
use parking_lot::Mutex;

use super::connection::Connection;
use super::connection_id::ConnectionId;
use super::rooms::Rooms;
use crate::dialect::{Packets, Told, pair_of};

/// How long a new user's topic waits for Redis before it goes on without.
const CONFIRM: Duration = Duration::from_secs(2);

/// Users with sockets here. Clones share them.
#[derive(Clone)]
pub struct People(Arc<Inner>);

struct Inner {
    people: Mutex<HashMap<UserId, Person>>,
    subscriber: Subscriber,
    rooms: Rooms,
}

struct Person {
    hold: Arc<Hold>,
    connections: HashMap<ConnectionId, Arc<Connection>>,
}

impl People {
    /// Nobody yet.
    pub fn new(subscriber: Subscriber, rooms: Rooms) -> Self {
        Self(Arc::new(Inner {
            people: Mutex::default(),
            subscriber,
            rooms,
        }))
    }

    /// Adds a socket, and returns when the user's topic is heard.
    pub async fn add(&self, connection: &Arc<Connection>) {
        let user = connection.principal.user;
        let hold = {
            let mut people = self.0.people.lock();
            let person = people.entry(user).or_insert_with(|| Person {
                hold: Arc::new(self.0.subscriber.hold(Topic::User(user))),
                connections: HashMap::new(),
            });
            person.connections.insert(connection.id, connection.clone());
            person.hold.clone()
        };
        if !hold.confirmed(CONFIRM).await {
            tracing::warn!(user.id = %user, "redis does not confirm, going on without");
        }
    }

    /// Takes a socket away.
    pub fn remove(&self, connection: &Connection) {
        let mut people = self.0.people.lock();
        let user = connection.principal.user;
        if let Some(person) = people.get_mut(&user) {
            person.connections.remove(&connection.id);
            if person.connections.is_empty() {
                people.remove(&user);
            }
        }
    }

    /// The sockets of a user here.
    pub fn connections(&self, user: UserId) -> Vec<Arc<Connection>> {
        self.0
            .people
            .lock()
            .get(&user)
            .map(|person| person.connections.values().cloned().collect())
            .unwrap_or_default()
    }

    /// Tells a user's own sockets how far the user has come in a room.
    pub fn tell_cursor(&self, user: UserId, cursor: &CursorAdvanced) {
        let packets = Packets::default();
        for connection in self.connections(user) {
            connection.give(packets.of(connection.dialect, || Told::Cursor(cursor)));
        }
    }

    /// A user is in a new room: their sockets learn of it, and get all of its log. Repeats are nothing.
    /// Answers the sockets to which it was new.
    pub async fn enter(&self, user: UserId, room: &Room) -> Vec<Arc<Connection>> {
        let Ok(id) = room.id.parse::<RoomId>() else {
            return Vec::new();
        };
        let newcomers: Vec<_> = self
            .connections(user)
            .into_iter()
            .filter(|connection| !connection.keep_for_later(room) && connection.enter(id))
            .collect();
        if !newcomers.is_empty() {
            self.show(&newcomers, id, room).await;
        }
        newcomers
    }

    /// A socket is ready, and gets what was kept for it until now; answers those rooms.
    pub async fn catch_up(&self, connection: &Arc<Connection>) -> Vec<Room> {
        let kept = connection.is_ready();
        for room in &kept {
            if let Ok(id) = room.id.parse()
                && connection.enter(id)
            {
                self.show(std::slice::from_ref(connection), id, room).await;
            }
        }
        kept
    }

    async fn show(&self, newcomers: &[Arc<Connection>], id: RoomId, room: &Room) {
        let senders = self
            .0
            .rooms
            .profiles()
            .senders(room.last_message.iter().map(|m| m.from.as_str()))
            .await;
        let (senders, packets) = (&senders, Packets::default());
        for connection in newcomers {
            connection.give(packets.of(connection.dialect, || Told::Room { room, senders }));
        }
        let seat = (id, pair_of(room));
        for connection in newcomers {
            if let Err(fault) = self.0.rooms.join(connection, seat, room.joined_rev).await {
                tracing::warn!(room.id = %id, %fault, "cannot join, closing the transport");
                connection.cut();
            }
        }
    }

    /// Everybody who has sockets here.
    pub fn all(&self) -> Vec<UserId> {
        self.0.people.lock().keys().copied().collect()
    }
}
