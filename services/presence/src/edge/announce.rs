//! Telling watchers that somebody came or went, at least once.
//!
//! An edge stays in Redis until it is confirmed as told. If publishing fails, or this process dies
//! half-way, it comes up again and some replica tells it anew; receivers know it by its version.

use futures_util::future::join_all;

use crate::context::Context;
use crate::error::Error;

use super::{Direction, Edge};

/// How many edges are claimed and told at once. All are published side by side, so that a batch takes
/// no longer than one publish does: a second at most, long before it could be claimed again.
const BATCH: usize = 200;

/// Tells watchers. What cannot be told now is told by a later sweep.
pub async fn announce(context: &Context, edges: Vec<Edge>) {
    let told = join_all(edges.into_iter().map(|edge| tell(context, edge))).await;
    let told: Vec<Edge> = told.into_iter().flatten().collect();
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

/// Answers the edge if it was told.
async fn tell(context: &Context, edge: Edge) -> Option<Edge> {
    let direction = match edge.direction {
        Direction::Online => "online",
        Direction::Offline => "offline",
    };
    let told = context.watchers.tell(edge).await;
    let outcome = if told.is_ok() { "told" } else { "failed" };
    metrics::counter!("confab_presence_edges_total", "direction" => direction, "outcome" => outcome)
        .increment(1);
    told.inspect_err(
        |error| tracing::warn!(user.id = %edge.user, %error, "an edge cannot be told now"),
    )
    .ok()
    .map(|()| edge)
}
