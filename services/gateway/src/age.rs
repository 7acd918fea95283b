//! Sockets that have lived long enough are moved on.
//!
//! Nothing else moves a socket that is well: after scaling up, new replicas would wait for their share until
//! clients come and go by themselves. A client whose transport is closed comes back through the balancer.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use confab_chassis::CancellationToken;

use crate::dialect::Told;
use crate::fanout::Connection;
use crate::gateway::Gateway;

/// How often ages are looked at. It costs a comparison for each socket.
const EVERY: Duration = Duration::from_secs(1);
/// What part of the age sockets differ by, each way: those that came together do not go together.
const SPREAD: f64 = 0.1;

/// Moves on the sockets that are older than `age`, until `stop`; none if it is zero.
pub async fn follow(gateway: Arc<Gateway>, age: Duration, stop: CancellationToken) {
    if age.is_zero() {
        return;
    }
    let mut going = Vec::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        move_on(going);
        going = announce(&gateway, age);
    }
}

/// Tells those whose time is over; they are closed the next time.
fn announce(gateway: &Gateway, age: Duration) -> Vec<Arc<Connection>> {
    let now = SystemTime::now();
    let is_over = |one: &Connection| {
        let lived = now.duration_since(one.since).unwrap_or_default();
        lived >= lifetime(one.id, age) && !one.is_cut()
    };
    let over = gateway.connections.those(is_over);
    let reconnect_in_ms = u64::try_from(EVERY.as_millis()).unwrap_or(u64::MAX);
    for connection in &over {
        connection.tell(&Told::Draining { reconnect_in_ms });
    }
    over
}

fn move_on(going: Vec<Arc<Connection>>) {
    for connection in going {
        if connection.cut() {
            metrics::counter!("confab_gateway_moved_on_sockets_total").increment(1);
            tracing::debug!(connection.id = %connection.id, "it has lived long enough, its transport is closed");
        }
    }
}

/// How long who has this id may live, always the same for the same one.
fn lifetime(id: impl Hash, age: Duration) -> Duration {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    let part = hasher.finish() as f64 / u64::MAX as f64;
    age.mul_f64(1.0 - SPREAD + 2.0 * SPREAD * part)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::lifetime;

    #[test]
    fn sockets_that_came_together_go_one_by_one_within_a_tenth_of_the_age_each_way() {
        let age = Duration::from_secs(1_000);
        let mut lifetimes: Vec<_> = (0..1_000)
            .map(|id: u32| {
                assert_eq!(lifetime(id, age), lifetime(id, age));
                lifetime(id, age).as_secs()
            })
            .collect();
        lifetimes.sort_unstable();
        assert!(lifetimes[0] >= 900 && lifetimes[999] <= 1_100);
        let busiest = lifetimes.chunk_by(|one, next| one / 10 == next / 10);
        let busiest = busiest.map(<[u64]>::len).max().expect("some");
        assert!(busiest < 120, "{busiest} of 1000 in 10 of 200 seconds");
    }
}
