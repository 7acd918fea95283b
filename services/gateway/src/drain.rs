//! Leaving: sockets are told, their transports are closed one after the other, and what is under way is
//! finished.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use crate::dialect::Told;
use crate::gateway::Gateway;

/// The longest time between two transports: few sockets must not hold the process up.
const PACE: Duration = Duration::from_millis(10);
/// How long what is under way for clients may take after that.
const UNDER_WAY: Duration = Duration::from_secs(5);

/// Tells each socket when its turn is, and closes its transport then: spread evenly over `window`, or
/// faster if there are few. A stock client reconnects by itself, to another replica, and sends again
/// what was not acknowledged.
pub async fn drain(gateway: &Gateway, window: Duration) {
    let connections = gateway.connections.all();
    let count = u32::try_from(connections.len()).unwrap_or(u32::MAX).max(1);
    let pace = PACE.min(window / count);
    tracing::info!(sockets = connections.len(), ?pace, "draining");
    let begun = Instant::now();
    // The first one, too, has a moment to hear of it.
    let turn = |number: usize| pace * u32::try_from(number + 1).unwrap_or(u32::MAX);
    for (number, connection) in connections.iter().enumerate() {
        let reconnect_in_ms = u64::try_from(turn(number).as_millis()).unwrap_or(u64::MAX);
        connection.tell(&Told::Draining { reconnect_in_ms });
    }
    for (number, connection) in connections.iter().enumerate() {
        sleep_until(begun + turn(number)).await;
        connection.cut();
    }
    // Those that came meanwhile, and those that this gateway only hands on.
    for connection in gateway.connections.all() {
        connection.cut();
    }
    gateway.tunnels.cancel();
    gateway.tasks.close();
    if timeout(UNDER_WAY, gateway.tasks.wait()).await.is_err() {
        tracing::warn!(
            tasks = gateway.tasks.len(),
            "not everything under way could be finished"
        );
    }
}
