//! One connection, as fred makes it.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use fred::clients::Client;
use fred::error::Error;
use fred::interfaces::ClientLike as _;
use fred::types::Builder;
use fred::types::config::{Config, ReconnectPolicy};
use tokio::join;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use crate::COMMAND_DEADLINE;

/// Commands that may wait for a connection; more are refused at once.
const WAITING_COMMANDS: usize = 10_000;
/// Messages on subscribed channels that may wait for this process; older ones are dropped then, and
/// the reader is told how many.
const WAITING_MESSAGES: usize = 16_384;
/// How long connecting to one server may take, and as long what is said first.
const CONNECT: Duration = Duration::from_secs(2);

/// A client, and the task that carries its commands; the task ends with this value.
pub struct Connection {
    pub client: Client,
    carrier: AbortOnDropHandle<Result<(), Error>>,
}

impl Connection {
    /// Connects, or says why not; if the connection ends later, fred makes it again.
    pub async fn open(builder: &Builder) -> Result<Self, Error> {
        let client = builder.build()?;
        // Who waits has to be there first: what happens before is told to nobody.
        let connect = poll_fn(|_| Poll::Ready(AbortOnDropHandle::new(client.connect())));
        let (connected, carrier) = join!(biased; client.wait_for_connect(), connect);
        connected?;
        Ok(Self { client, carrier })
    }

    /// Whether fred has given it up.
    pub fn is_finished(&self) -> bool {
        self.carrier.is_finished()
    }

    /// Drops it, even if it is stuck in a write; its callers are told at once.
    pub async fn end(&mut self) {
        self.carrier.abort();
        // What has been waited for already cannot be waited for again.
        if !self.carrier.is_finished() {
            let _ = (&mut self.carrier).await;
        }
    }

    /// Closes it after what was sent before; gives up after a second.
    pub async fn close(mut self) {
        // Fails only if the connection is gone already.
        let _ = timeout(COMMAND_DEADLINE, self.client.quit()).await;
        self.end().await;
    }
}

/// How connections to a Redis are made.
pub fn builder(config: Config) -> Builder {
    let mut builder = Builder::from_config(config);
    builder
        .with_performance_config(|performance| {
            performance.default_command_timeout = COMMAND_DEADLINE;
            performance.broadcast_channel_capacity = WAITING_MESSAGES;
        })
        .with_connection_config(|connection| {
            connection.connection_timeout = CONNECT;
            connection.internal_command_timeout = CONNECT;
            // A command whose connection broke is the caller's to repeat: repeated here, after the
            // caller gave up, it could undo what was done since.
            connection.max_command_attempts = 1;
            connection.max_command_buffer_len = WAITING_COMMANDS;
            connection.reconnect_on_auth_error = true;
            connection.tcp.nodelay = Some(true);
        })
        // 0: never give up; 50 ms to 2 s, doubling, until then with the library's jitter.
        .set_policy(ReconnectPolicy::new_exponential(0, 50, 2_000, 2));
    builder
}
