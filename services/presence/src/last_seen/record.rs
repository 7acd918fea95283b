//! Handing last-seen times over to auth.
//!
//! They wait in Redis, one per user, so an outage of auth costs no memory here and loses nothing.

use std::time::Duration;

use crate::context::Context;
use crate::error::Error;

/// How many go in one call; auth takes 1,000.
const BATCH: usize = 500;
/// How long a replica may take over one batch, and how long all wait after a failure.
const TURN: Duration = Duration::from_secs(5);

/// Has auth store one batch; answers whether there may be more.
pub async fn record(context: &Context) -> Result<bool, Error> {
    let seen = context.store.unstored(BATCH, TURN).await?;
    if seen.is_empty() {
        return Ok(false);
    }
    if let Err(fault) = context.accounts.record_last_seen(&seen).await {
        tracing::warn!(users = seen.len(), %fault, "auth cannot store when users were last seen");
        return Ok(false);
    }
    context.store.stored(&seen).await?;
    Ok(seen.len() == BATCH)
}
