//! How the bus connects to Redis: for ever, with backoff, and never waiting long for one command.

use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::ClientLike as _;
use fred::types::Builder;
use fred::types::config::{Config, ReconnectPolicy};

use crate::BusError;

/// How long one command may take before its caller goes on without.
pub const COMMAND_DEADLINE: Duration = Duration::from_secs(1);
/// Events that may wait for this process between two looks; more are dropped, and reported as missed.
const WAITING_EVENTS: usize = 16_384;
/// Commands that may wait for a connection; more are refused at once.
const WAITING_COMMANDS: usize = 10_000;

/// Opens a client that reconnects by itself, and waits for its first connection.
pub async fn open(url: &str) -> Result<Client, BusError> {
    let config = Config::from_url(url).map_err(BusError::Url)?;
    let mut builder = Builder::from_config(config);
    builder
        .with_performance_config(|performance| {
            performance.default_command_timeout = COMMAND_DEADLINE;
            performance.broadcast_channel_capacity = WAITING_EVENTS;
        })
        .with_connection_config(|connection| {
            connection.connection_timeout = Duration::from_secs(2);
            connection.internal_command_timeout = Duration::from_secs(2);
            connection.max_command_buffer_len = WAITING_COMMANDS;
            connection.unresponsive.max_timeout = Some(Duration::from_secs(5));
            connection.unresponsive.interval = Duration::from_secs(1);
        })
        // 0: never give up; 50 ms to 2 s, doubling, with the library's jitter.
        .set_policy(ReconnectPolicy::new_exponential(0, 50, 2_000, 2));
    let client = builder.build()?;
    client.init().await?;
    Ok(client)
}
