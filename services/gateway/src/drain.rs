//! Leaving: sockets are told, events under way are finished, transports are closed.

use std::time::Duration;

use serde::Serialize;
use socketioxide::SocketIo;

use crate::gateway::Gateway;

/// How long clients are asked to wait, at most, before they come back: each picks a moment of its own.
const RECONNECT_WITHIN: Duration = Duration::from_secs(2);
/// How long what was said a moment ago may take to get out.
const LAST_WORDS: Duration = Duration::from_millis(200);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Draining {
    reconnect_in_ms: u64,
}

/// Tells all sockets and closes their transports; a stock client reconnects, to another replica.
pub async fn drain(gateway: &Gateway, io: &SocketIo) {
    let connections = gateway.connections.all();
    tracing::info!(sockets = connections.len(), "draining");
    let window = u64::try_from(RECONNECT_WITHIN.as_millis()).unwrap_or(u64::MAX);
    for (turn, connection) in connections.iter().enumerate() {
        // Spread evenly, so that the other replicas do not get all of them at once.
        let reconnect_in_ms = window * turn as u64 / connections.len() as u64;
        connection.emit("server:draining", &Draining { reconnect_in_ms });
    }
    tokio::time::sleep(LAST_WORDS).await;
    io.close().await;
}
