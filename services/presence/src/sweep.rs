//! The work that no caller asks for: tell who left, clear up after dead gateways, hand last-seen times
//! over. Every replica does it; what one has done the others find done.

use std::time::{Duration, Instant};

use confab_chassis::CancellationToken;
use rand::Rng as _;

use crate::context::Context;
use crate::edge::announce_due;
use crate::error::Error;
use crate::last_seen::record;
use crate::lease::expire;
use crate::store::StoreError;

/// When to sweep.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long to rest between two sweeps, give or take a quarter.
    pub interval: Duration,
    /// How long a gateway lives without renewing its lease.
    pub lease_ttl: Duration,
}

/// Tells watchers who left, and ends the leases of silent gateways, until `stop`.
pub async fn sweep(context: Context, pace: Pace, stop: CancellationToken) {
    // A lease's end counts only if the gateway could have renewed it: after a start, or after Redis
    // was away, all leases have ended at once, and their holders get the time of a lease to return.
    let mut renewable_since = Instant::now();
    while rest(pace.interval, &stop).await {
        let told = tell(&context, &stop).await;
        let cleared = if renewable_since.elapsed() >= pace.lease_ttl {
            expire(&context).await
        } else {
            Ok(())
        };
        let counted = count(&context).await;
        for error in [told, cleared, counted].into_iter().filter_map(Result::err) {
            tracing::warn!(%error, "a sweep is incomplete");
            if matches!(error, Error::Store(StoreError::Unavailable(_))) {
                renewable_since = Instant::now();
            }
        }
    }
}

async fn tell(context: &Context, stop: &CancellationToken) -> Result<(), Error> {
    while !stop.is_cancelled() && announce_due(context).await? {}
    Ok(())
}

/// Hands last-seen times over to auth, until `stop`. Apart from [`sweep`], so that a slow auth does not
/// keep watchers waiting.
pub async fn sweep_last_seen(context: Context, pace: Pace, stop: CancellationToken) {
    while rest(pace.interval, &stop).await {
        let outcome = async {
            while !stop.is_cancelled() && record(&context).await? {}
            Ok::<_, Error>(())
        };
        if let Err(error) = outcome.await {
            tracing::warn!(%error, "last-seen times wait");
        }
    }
}

/// Waits for the next sweep; answers false when there is none.
async fn rest(interval: Duration, stop: &CancellationToken) -> bool {
    // Replicas that start together must not sweep together for ever.
    let pause = interval.mul_f64(rand::rng().random_range(0.75..1.25));
    stop.run_until_cancelled(tokio::time::sleep(pause))
        .await
        .is_some()
}

#[allow(clippy::cast_precision_loss)] // Nobody has 2^53 users.
async fn count(context: &Context) -> Result<(), Error> {
    let census = context.store.census().await?;
    metrics::gauge!("confab_presence_online_users").set(census.users_online as f64);
    metrics::gauge!("confab_presence_untold_edges").set(census.edges_to_tell as f64);
    metrics::gauge!("confab_presence_unstored_users").set(census.last_seen_to_store as f64);
    metrics::gauge!("confab_presence_held_leases").set(census.leases as f64);
    Ok(())
}
