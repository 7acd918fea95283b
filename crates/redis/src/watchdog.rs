//! Asks a connection again and again whether it still answers, and replaces one that does not.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use fred::clients::Client;
use fred::error::ErrorKind;
use fred::interfaces::ClientLike as _;
use fred::types::Builder;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::Health;
use crate::connection::Connection;

/// How long after an answer, or after having had none, the watchdog asks again.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// After how many questions without an answer a connection is given up: a few seconds of silence are
/// a slow fork or a long script, more is nobody there.
const SILENCES: u32 = 3;
/// The pauses between attempts to connect anew, doubling from the first to the last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// Keeps one connection alive. A connection that it gives up gets a new client, too: fred's own counts
/// of what waits are wrong from then on, and what it sends later would lie in its buffer.
pub struct Watchdog {
    pub builder: Builder,
    pub connection: Connection,
    /// The client of the connection of now.
    pub clients: watch::Sender<Client>,
    pub health: watch::Sender<Health>,
    /// Somebody was refused because too much waits: the counts are wrong then, too.
    pub overrun: Arc<Notify>,
    pub silences: u32,
}

impl Watchdog {
    /// Watches until `stop`; closes the connection then.
    pub async fn watch(mut self, stop: CancellationToken) {
        while stop.run_until_cancelled(self.look()).await.is_some() {}
        self.health.send_replace(Health::Away);
        self.connection.close().await;
    }

    async fn look(&mut self) {
        let overrun = tokio::select! {
            () = self.overrun.notified() => true,
            () = sleep(HEARTBEAT) => {
                self.ask().await;
                false
            }
        };
        if overrun || self.silences >= SILENCES || self.connection.is_finished() {
            let silences = std::mem::take(&mut self.silences);
            tracing::warn!(silences, overrun, "redis is connected to anew");
            self.replace().await;
            tracing::info!("redis is connected to again");
        }
    }

    async fn ask(&mut self) {
        let client = &self.connection.client;
        // While there is no connection fred is making one, with a backoff of its own.
        let silent = client.is_connected()
            && match client.ping::<()>(None).await {
                Ok(()) => false,
                Err(error) if *error.kind() == ErrorKind::Backpressure => {
                    self.overrun.notify_one();
                    true
                }
                // Whatever else it says is an answer, or the end of the connection.
                Err(error) => *error.kind() == ErrorKind::Timeout && client.is_connected(),
            };
        self.silences = if silent { self.silences + 1 } else { 0 };
        self.health.send_replace(if silent {
            Health::Silent
        } else {
            Health::Answers
        });
    }

    async fn replace(&mut self) {
        self.health.send_replace(Health::Away);
        self.connection.end().await;
        let mut pause = PAUSES.0;
        self.connection = loop {
            match Connection::open(&self.builder).await {
                Ok(connection) => break connection,
                Err(error) => tracing::debug!(%error, "redis cannot be reached"),
            }
            sleep(pause.mul_f64(rand::random_range(0.5..1.0))).await;
            pause = PAUSES.1.min(pause * 2);
        };
        // Whoever was refused by the one before: the new one has refused nobody.
        tokio::select! {
            biased;
            () = self.overrun.notified() => {}
            () = ready(()) => {}
        }
        self.health.send_replace(Health::Answers);
        self.clients.send_replace(self.connection.client.clone());
    }
}
