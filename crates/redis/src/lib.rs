//! How we connect to Redis: for ever, and never waiting long for one command.
//!
//! fred comes back by itself when a connection ends. It does not notice a connection that falls silent
//! without ending (a partition, a lost host, a stopped server) as long as commands are written to it,
//! since it counts from the last write; and a connection that only listens it never asks. So each
//! connection has a watchdog. This crate knows no key, no channel and no script.
#![warn(missing_docs)]

use std::sync::Arc;
use std::time::Duration;

use fred::clients::Client;
use fred::error::Error;
use fred::interfaces::{ClientLike as _, ClusterInterface as _};
use fred::types::cluster::SlotRange;
use fred::types::config::{Config, ReconnectPolicy, Server};
use fred::types::{Builder, ConnectHandle};
use tokio::time::{sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// How long one command may take: callers have deadlines of seconds, and would rather know.
pub const COMMAND_DEADLINE: Duration = Duration::from_secs(1);
/// Commands that may wait for a connection; more are refused at once.
const WAITING_COMMANDS: usize = 10_000;
/// Messages on subscribed channels that may wait for this process; older ones are dropped then, and
/// the reader is told how many.
const WAITING_MESSAGES: usize = 16_384;
/// How often the watchdog asks.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// After how many questions without an answer a connection is given up: a few seconds of silence are
/// a slow fork or a long script, more is nobody there.
const SILENCES: u32 = 3;

/// How a cluster is laid out, to be compared with how it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slots(Vec<(u16, u16, Server)>);

/// A connection to one Redis, whatever it is made of; it ends with the last clone.
#[derive(Clone)]
pub struct Link(Arc<Inner>);

struct Inner {
    client: Client,
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
        watchdog.spawn(guard(client.clone(), connection, stop.clone()));
        watchdog.close();
        let _stop = stop.clone().drop_guard();
        Ok(Self(Arc::new(Inner {
            client,
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

/// Opens a client's connection anew whenever it has fallen silent or ended, until `stop`. fred tells
/// those who listen to its reconnections of these too.
async fn guard(client: Client, mut connection: ConnectHandle, stop: CancellationToken) {
    let mut silences = 0;
    while stop.run_until_cancelled(sleep(HEARTBEAT)).await.is_some() {
        let answered = client.ping::<()>(None).await.is_ok();
        // While there is no connection fred is making one, with a backoff of its own.
        silences = if answered || !client.is_connected() {
            0
        } else {
            silences + 1
        };
        if silences >= SILENCES || connection.is_finished() {
            tracing::warn!(silences, "redis is connected to anew");
            silences = 0;
            end(connection).await;
            connection = client.connect();
        }
    }
    // Fails only if the connection is gone already.
    let _ = timeout(COMMAND_DEADLINE, client.quit()).await;
    end(connection).await;
}

/// Drops a connection, even one that is stuck in a write; its callers are told at once.
async fn end(connection: ConnectHandle) {
    connection.abort();
    let _ = connection.await;
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
