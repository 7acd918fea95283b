//! Sockets whose tokens have expired: told, and closed a little later unless they are renewed.
//!
//! This is what ends a revoked session's sockets if every other word of it was lost.

use std::sync::Arc;
use std::time::Duration;

use confab_chassis::CancellationToken;

use crate::gateway::Gateway;

/// How often tokens are looked at: their times have seconds. It costs a comparison for each socket.
const EVERY: Duration = Duration::from_secs(1);

/// Looks at the tokens of all sockets until `stop`.
pub async fn follow(gateway: Arc<Gateway>, grace: Duration, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => gateway.connections.expire(grace),
        }
    }
}
