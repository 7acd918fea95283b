//! Who watches whose presence here.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use confab_bus::{Hold, Subscriber, Topic};
use confab_ids::UserId;
use confab_proto::event::PresenceChanged;
use parking_lot::Mutex;

use super::connection::{Connection, Hidden};
use super::connection_id::ConnectionId;
use super::sighting::Sighting;
use crate::dialect::native::{PresenceView, rfc3339};

/// How long a new watch waits for Redis before it goes on without.
const CONFIRM: Duration = Duration::from_secs(2);

/// Users whose presence somebody here watches. Clones share them.
#[derive(Clone)]
pub struct Watchers(Arc<Inner>);

struct Inner {
    watched: Mutex<HashMap<UserId, Watched>>,
    subscriber: Subscriber,
}

struct Watched {
    hold: Arc<Hold>,
    /// Of the last change that was told: an older one is dropped.
    version: i64,
    /// That change, and when it was told.
    told: Option<(Instant, PresenceView)>,
    connections: HashMap<ConnectionId, Arc<Connection>>,
}

impl Watchers {
    /// Nobody yet.
    pub fn new(subscriber: Subscriber) -> Self {
        Self(Arc::new(Inner {
            watched: Mutex::default(),
            subscriber,
        }))
    }

    /// A socket watches users from now on. Returns when all changes are heard.
    pub async fn add(&self, connection: &Arc<Connection>, users: &[UserId]) {
        confirm(&self.watch(connection, users)).await;
    }

    /// Several sockets do, each of their own.
    pub async fn add_all(&self, watches: &[(Arc<Connection>, Vec<UserId>)]) {
        let holds = watches
            .iter()
            .flat_map(|(connection, users)| self.watch(connection, users));
        confirm(&holds.collect::<Vec<_>>()).await;
    }

    /// Answers the topics that may have to be waited for.
    fn watch(&self, connection: &Arc<Connection>, users: &[UserId]) -> Vec<Arc<Hold>> {
        let mut holds = Vec::new();
        for user in users {
            if !connection.watch(*user) {
                continue;
            }
            let mut watched = self.0.watched.lock();
            // Under this lock: a socket that closes later finds its watch and gives it up.
            if connection.is_closed() {
                return holds;
            }
            let entry = watched.entry(*user).or_insert_with(|| Watched {
                hold: Arc::new(self.0.subscriber.hold(Topic::Presence(*user))),
                version: 0,
                told: None,
                connections: HashMap::new(),
            });
            entry.connections.insert(connection.id, connection.clone());
            holds.push(entry.hold.clone());
        }
        holds
    }

    /// A socket no longer watches a user.
    pub fn remove(&self, connection: &Connection, user: UserId) {
        let mut watched = self.0.watched.lock();
        if let Some(entry) = watched.get_mut(&user) {
            entry.connections.remove(&connection.id);
            if entry.connections.is_empty() {
                watched.remove(&user);
            }
        }
    }

    /// A user came or went: tells those who watch, if it is news.
    pub fn tell(&self, change: &PresenceChanged) {
        let Ok(user) = change.user_id.parse::<UserId>() else {
            return;
        };
        let view = PresenceView {
            user_id: change.user_id.clone(),
            online: change.online,
            last_seen: rfc3339(change.last_seen_at_ms),
        };
        let mut watched = self.0.watched.lock();
        let Some(entry) = watched.get_mut(&user) else {
            return;
        };
        if change.version <= entry.version {
            return;
        }
        entry.version = change.version;
        entry.told = Some((Instant::now(), view.clone()));
        let connections: Vec<_> = entry.connections.values().cloned().collect();
        drop(watched);
        let (whole, part) = (Sighting::new(user, view.clone()), {
            Sighting::new(user, view.without(user, Some(Hidden::LastSeen)))
        });
        for connection in connections {
            match connection.hidden(user) {
                None => whole.give(&connection),
                Some(Hidden::LastSeen) => part.give(&connection),
                Some(Hidden::All) => {}
            }
        }
    }

    /// Changes may have been lost: tells those who watch of `presence`, if it is not what they know.
    pub fn correct(&self, user: UserId, presence: PresenceView, asked: Instant) {
        let mut watched = self.0.watched.lock();
        let Some(entry) = watched.get_mut(&user) else {
            return;
        };
        let known = entry.told.as_ref();
        // What was told after asking is newer; and a watch that was never told anything began with
        // asking, just as now.
        if known.is_some_and(|(at, view)| *at >= asked || view.online == presence.online) {
            return;
        }
        for connection in entry.connections.values() {
            let hidden = connection.hidden(user);
            if hidden != Some(Hidden::All) {
                Sighting::new(user, presence.clone().without(user, hidden)).give(connection);
            }
        }
        entry.told = Some((asked, presence));
    }

    /// Everybody who is watched.
    pub fn watched(&self) -> Vec<UserId> {
        self.0.watched.lock().keys().copied().collect()
    }

    /// What was told of a user since `begun`: it is newer than what was asked for then.
    pub fn told_since(&self, user: UserId, begun: Instant) -> Option<PresenceView> {
        let watched = self.0.watched.lock();
        let (at, view) = watched.get(&user)?.told.as_ref()?;
        (*at >= begun).then(|| view.clone())
    }
}

/// Waits until topics are heard.
async fn confirm(holds: &[Arc<Hold>]) {
    for hold in holds {
        if !hold.confirmed(CONFIRM).await {
            tracing::warn!("redis does not confirm, going on without");
            return;
        }
    }
}
