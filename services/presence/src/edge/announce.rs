//! Telling watchers that somebody came or went, at least once.
//!
//! An edge stays in Redis until it is confirmed as told. If publishing fails, or this process dies
//! half-way, it comes up again and some replica tells it anew; receivers know it by its version.

use futures_util::StreamExt as _;
use futures_util::stream;

use crate::context::Context;
use crate::error::Error;

use super::{Direction, Edge};

/// How many edges are claimed at once. One that is not confirmed after five seconds is claimed again,
/// and a batch must be through long before.
const BATCH: usize = 200;
/// How many are being published at the same time: enough to fill the connection, whatever its latency.
const IN_FLIGHT: usize = 64;

/// Tells watchers. What cannot be told now is told by a later sweep.
pub async fn announce(context: &Context, edges: Vec<Edge>) {
    let told: Vec<Edge> = stream::iter(edges)
        .map(async |edge| tell(context, edge).await.then_some(edge))
        .buffer_unordered(IN_FLIGHT)
        .filter_map(async |told| told)
        .collect()
        .await;
    if let Err(error) = context.store.confirm(&told).await {
        tracing::debug!(%error, "told edges are not confirmed and will be told again");
    }
}

/// Tells watchers of one batch of edges that are due; answers whether there may be more.
pub async fn announce_due(context: &Context) -> Result<bool, Error> {
    let edges = context.store.claim(BATCH).await?;
    let more = edges.len() == BATCH;
    announce(context, edges).await;
    Ok(more)
}

async fn tell(context: &Context, edge: Edge) -> bool {
    let direction = match edge.direction {
        Direction::Online => "online",
        Direction::Offline => "offline",
    };
    let (told, outcome) = match context.watchers.tell(edge).await {
        Ok(()) => (true, "told"),
        Err(error) => {
            tracing::warn!(user.id = %edge.user, %error, "cannot tell an edge now");
            (false, "failed")
        }
    };
    metrics::counter!("confab_presence_edges_total", "direction" => direction, "outcome" => outcome)
        .increment(1);
    told
}
