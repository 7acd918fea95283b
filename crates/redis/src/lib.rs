//! How we connect to Redis: for ever, and never waiting long for one command.
//!
//! fred comes back by itself when a connection ends. It does not notice a connection that falls silent
//! without ending (a partition, a lost host, a stopped server) as long as commands are written to it,
//! since it counts from the last write; and a connection that only listens it never asks. So each
//! link has a watchdog, which on a cluster asks one of the servers. This crate knows no key, no channel
//! and no script.
#![warn(missing_docs)]

mod connection;
mod watchdog;

use std::sync::Arc;
use std::time::Duration;

use fred::clients::Client;
use fred::error::{Error, ErrorKind};
use fred::interfaces::{ClientLike as _, ClusterInterface as _};
use fred::types::cluster::SlotRange;
use fred::types::config::{Config, Server};
use tokio::sync::{Notify, watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::connection::{Connection, builder};
use crate::watchdog::Watchdog;

/// How long one command may take: callers have deadlines of seconds, and would rather know.
pub const COMMAND_DEADLINE: Duration = Duration::from_secs(1);

/// What is known of a connection, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// It is new, or answered when it was asked last.
    Answers,
    /// It is there, and did not answer when it was asked last.
    Silent,
    /// There is none; one is being made.
    Away,
}

/// How a cluster is laid out, to be compared with how it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slots(Vec<(u16, u16, Server)>);

/// A connection to one Redis, whatever it is made of; it ends with the last clone.
#[derive(Clone)]
pub struct Link(Arc<Inner>);

struct Inner {
    clients: watch::Receiver<Client>,
    health: watch::Receiver<Health>,
    overrun: Arc<Notify>,
    watchdog: TaskTracker,
    stop: CancellationToken,
    _stop: DropGuard,
}

impl Link {
    /// Connects; later outages are waited out.
    ///
    /// # Errors
    /// If the URL is wrong, or Redis cannot be reached now.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let builder = builder(Config::from_url(url)?);
        let connection = Connection::open(&builder).await?;
        let (new, clients) = watch::channel(connection.client.clone());
        let (says, health) = watch::channel(Health::Answers);
        let overrun = Arc::new(Notify::new());
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        let watchdog = Watchdog {
            builder,
            connection,
            clients: new,
            health: says,
            overrun: overrun.clone(),
            silences: 0,
        };
        tracker.spawn(watchdog.watch(stop.clone()));
        tracker.close();
        let _stop = stop.clone().drop_guard();
        Ok(Self(Arc::new(Inner {
            clients,
            health,
            overrun,
            watchdog: tracker,
            stop,
            _stop,
        })))
    }

    /// Whether it is made of several servers that share the keys.
    #[must_use]
    pub fn is_clustered(&self) -> bool {
        self.0.clients.borrow().is_clustered()
    }

    /// Which node of a cluster has which slots, as the cluster says now; none if it is none, or does not
    /// answer.
    pub async fn slots(&self) -> Option<Slots> {
        let client = self.client().ok().filter(Client::is_clustered)?;
        client.sync_cluster().await.ok()?;
        let state = client.cached_cluster_state()?;
        let range = |range: &SlotRange| (range.start, range.end, range.primary.clone());
        Some(Slots(state.slots().iter().map(range).collect()))
    }

    /// What is known of the connection now: whoever has several takes the best.
    #[must_use]
    pub fn health(&self) -> Health {
        if self.0.clients.borrow().is_connected() {
            *self.0.health.borrow()
        } else {
            Health::Away
        }
    }

    /// The client of now, for commands. While it makes its connection anew, they wait as long as their
    /// deadline lasts.
    ///
    /// # Errors
    /// If the connection was given up, and there is no other yet.
    pub fn client(&self) -> Result<Client, Error> {
        match *self.0.health.borrow() {
            Health::Away => Err(Error::new(ErrorKind::IO, "there is no connection to redis")),
            Health::Answers | Health::Silent => Ok(self.0.clients.borrow().clone()),
        }
    }

    /// The client of now, and each that takes its place: whoever listens has to listen to the new one.
    #[must_use]
    pub fn clients(&self) -> watch::Receiver<Client> {
        self.0.clients.clone()
    }

    /// Says how a command ended. One that was refused because too many wait ends the connection: it would
    /// hold back what comes later.
    pub fn ended<T>(&self, outcome: &Result<T, Error>) {
        if matches!(outcome, Err(error) if *error.kind() == ErrorKind::Backpressure) {
            self.0.overrun.notify_one();
        }
    }

    /// Closes the connection after what was sent before; gives up after a second.
    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.watchdog.wait().await;
    }
}
