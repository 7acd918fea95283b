//! Carrying out what crashes have left behind.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::change::carry_out;
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::store::chain;

const EVERY: Duration = Duration::from_secs(15);
/// Twice what a step may take that nobody has left behind.
const LEFT_BEHIND_AFTER_MS: i64 = 20_000;

/// Looks for steps that were left behind, again and again until `stop`.
pub async fn resume_until(context: Arc<Context>, stop: CancellationToken) {
    loop {
        if let Err(error) = resume(&context).await {
            tracing::warn!(error = chain(&error), "what was left behind waits longer");
        }
        if stop
            .run_until_cancelled(tokio::time::sleep(EVERY))
            .await
            .is_none()
        {
            return;
        }
    }
}

async fn resume(context: &Context) -> Result<(), Error> {
    let before = now_ms() - LEFT_BEHIND_AFTER_MS;
    for (room, steps) in context.store.steps_before(before).await? {
        for step in steps {
            tracing::info!(%room, "carrying out a change of a room that was left behind");
            carry_out(context, room, step).await?;
        }
    }
    Ok(())
}
