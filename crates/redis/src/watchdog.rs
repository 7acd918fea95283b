//! Asks a connection again and again whether it still answers, and replaces one that does not.

use std::time::Duration;

use fred::clients::Client;
use fred::interfaces::ClientLike as _;
use fred::types::ConnectHandle;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::COMMAND_DEADLINE;

/// How long after an answer, or after having had none, the watchdog asks again.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// After how many questions without an answer a connection is given up: a few seconds of silence are
/// a slow fork or a long script, more is nobody there.
const SILENCES: u32 = 3;

/// What is known of a connection, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// It answered when it was asked last.
    Answers,
    /// It is there, and did not answer when it was asked last.
    Silent,
    /// There is none; one is being made.
    Away,
}

/// Opens a client's connection anew whenever it has fallen silent or ended, until `stop`. fred tells
/// those who listen to its reconnections of these too.
pub async fn guard(
    client: Client,
    mut connection: ConnectHandle,
    health: watch::Sender<Health>,
    stop: CancellationToken,
) {
    let mut silences = 0;
    while stop.run_until_cancelled(sleep(HEARTBEAT)).await.is_some() {
        // While there is no connection fred is making one, with a backoff of its own.
        silences = if answers(&client).await || !client.is_connected() {
            0
        } else {
            silences + 1
        };
        health.send_replace(match silences {
            0 => Health::Answers,
            _ => Health::Silent,
        });
        if silences >= SILENCES || connection.is_finished() {
            tracing::warn!(silences, "redis is connected to anew");
            silences = 0;
            // fred goes on saying "connected" meanwhile.
            health.send_replace(Health::Away);
            end(connection).await;
            connection = client.connect();
            if answers(&client).await {
                health.send_replace(Health::Answers);
            }
        }
    }
    // Fails only if the connection is gone already.
    let _ = timeout(COMMAND_DEADLINE, client.quit()).await;
    end(connection).await;
}

async fn answers(client: &Client) -> bool {
    client.ping::<()>(None).await.is_ok()
}

/// Drops a connection, even one that is stuck in a write; its callers are told at once.
async fn end(connection: ConnectHandle) {
    connection.abort();
    let _ = connection.await;
}
