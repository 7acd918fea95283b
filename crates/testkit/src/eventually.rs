//! Waiting for a condition, with a deadline, instead of sleeping.

use std::time::{Duration, Instant};

/// Asks `check` until it answers something, for at most ten seconds.
///
/// # Panics
/// With `what` if the time is up.
pub async fn eventually<T>(what: &str, check: impl AsyncFnMut() -> Option<T>) -> T {
    // Long enough for a machine under load; a test that passes never waits for it.
    eventually_within(Duration::from_secs(10), what, check).await
}

/// Asks `check` until it answers something, for at most `limit`.
///
/// # Panics
/// With `what` if the time is up.
pub async fn eventually_within<T>(
    limit: Duration,
    what: &str,
    mut check: impl AsyncFnMut() -> Option<T>,
) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = check().await {
            return found;
        }
        assert!(
            Instant::now() < deadline,
            "waited {limit:?} in vain: {what}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
