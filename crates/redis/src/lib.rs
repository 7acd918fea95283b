//! How we connect to Redis: for ever, and never waiting long for one command.
//!
//! fred comes back by itself when a connection ends. It does not notice a connection that falls silent
//! without ending (a partition, a lost host, a stopped server) as long as commands are written to it,
//! since it counts from the last write; and a connection that only listens it never asks. So each
//! connection has a watchdog. This crate knows no key, no channel and no script.
#![warn(missing_docs)]

mod watchdog;

use std::sync::Arc;
use std::time::Duration;

use fred::clients::Client;
use fred::error::Error;
use fred::interfaces::{ClientLike as _, ClusterInterface as _};
use fred::types::Builder;
use fred::types::cluster::SlotRange;
use fred::types::config::{Config, ReconnectPolicy, Server};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

pub use watchdog::Health;
use watchdog::guard;

/// How long one command may take: callers have deadlines of seconds, and would rather know.
pub const COMMAND_DEADLINE: Duration = Duration::from_secs(1);
/// Commands that may wait for a connection; more are refused at once.
const WAITING_COMMANDS: usize = 10_000;
/// Messages on subscribed channels that may wait for this process; older ones are dropped then, and
/// the reader is told how many.
const WAITING_MESSAGES: usize = 16_384;
/// How a cluster is laid out, to be compared with how it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slots(Vec<(u16, u16, Server)>);

/// A connection to one Redis, whatever it is made of; it ends with the last clone.
#[derive(Clone)]
pub struct Link(Arc<Inner>);

struct Inner {
    client: Client,
    health: watch::Receiver<Health>,
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
        let client = builder(Config::from_url(url)?).build()?;
        let connection = client.init().await?;
        let (watchdog, stop) = (TaskTracker::new(), CancellationToken::new());
        let (says, health) = watch::channel(Health::Answers);
        watchdog.spawn(guard(client.clone(), connection, says, stop.clone()));
        watchdog.close();
        let _stop = stop.clone().drop_guard();
        Ok(Self(Arc::new(Inner {
            client,
            health,
            watchdog,
            stop,
            _stop,
        })))
    }

    /// Which node of a cluster has which slots, as the cluster says now; none if it is none, or does not
    /// answer.
    pub async fn slots(&self) -> Option<Slots> {
        let client = self.client();
        if !client.is_clustered() || client.sync_cluster().await.is_err() {
            return None;
        }
        let state = client.cached_cluster_state()?;
        let range = |range: &SlotRange| (range.start, range.end, range.primary.clone());
        Some(Slots(state.slots().iter().map(range).collect()))
    }

    /// What is known of the connection now: whoever has several takes the best.
    #[must_use]
    pub fn health(&self) -> Health {
        if self.client().is_connected() {
            *self.0.health.borrow()
        } else {
            Health::Away
        }
    }

    /// The client, for commands.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Closes the connection after what was sent before; gives up after a second.
    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.watchdog.wait().await;
    }
}

fn builder(config: Config) -> Builder {
    let mut builder = Builder::from_config(config);
    builder
        .with_performance_config(|performance| {
            performance.default_command_timeout = COMMAND_DEADLINE;
            performance.broadcast_channel_capacity = WAITING_MESSAGES;
        })
        .with_connection_config(|connection| {
            connection.connection_timeout = Duration::from_secs(2);
            connection.internal_command_timeout = Duration::from_secs(2);
            // A command whose connection broke is the caller's to repeat: repeated here, after the
            // caller gave up, it could undo what was done since.
            connection.max_command_attempts = 1;
            connection.max_command_buffer_len = WAITING_COMMANDS;
            connection.reconnect_on_auth_error = true;
            connection.tcp.nodelay = Some(true);
        })
        // 0: never give up; 50 ms to 2 s, doubling, with the library's jitter.
        .set_policy(ReconnectPolicy::new_exponential(0, 50, 2_000, 2));
    builder
}
