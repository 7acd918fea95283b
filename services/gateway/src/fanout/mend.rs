//! Filling a hole in a room's stream from message-store.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use confab_fault::Fault;
use confab_proto::message::ListChangesRequest;

use super::holes::Holes;
use super::news::{News, sender_of, senders_of};
use super::rooms::Rooms;
use super::stream::{Change, Stream};

/// How long an event that overtook others waits for them: they are mostly a moment behind.
const PATIENCE: Duration = Duration::from_millis(50);
/// The first and the longest pause while the store does not answer.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(2));

/// Sees to it that a stream with a hole is filled, in the background, once at a time.
pub fn mend(rooms: &Rooms, stream: Arc<Stream>) {
    if stream.claim_mending() {
        let rooms = rooms.clone();
        tokio::spawn(async move {
            loop {
                let before = stream.sight().delivered;
                tokio::time::sleep(PATIENCE).await;
                // Under load there is always something a moment behind: a hole is what does not close.
                if stream.sight().delivered == before {
                    fill(&rooms, &stream).await;
                }
                stream.mending.store(false, Ordering::Release);
                // A hole that came while the claim was held was nobody's: look once more.
                if !stream.is_behind() || !stream.claim_mending() {
                    return;
                }
            }
        });
    }
}

async fn fill(rooms: &Rooms, stream: &Stream) {
    if !stream.is_behind() {
        return;
    }
    metrics::counter!("confab_gateway_holes_total").increment(1);
    if rooms.holes() == Holes::Left {
        return stream.skip();
    }
    let (mut pause, since) = (BACKOFF.0, Instant::now());
    while stream.is_behind() {
        let before = stream.sight().delivered;
        match fill_page(rooms, stream).await {
            Ok(()) if stream.sight().delivered != before => continue,
            Ok(()) => {} // The store does not know of it yet: it was read a moment too early.
            Err(fault) => tracing::warn!(room.id = %stream.room, %fault, "cannot fill a hole yet"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(BACKOFF.1);
    }
    metrics::histogram!("confab_gateway_fill_seconds").record(since.elapsed());
}

async fn fill_page(rooms: &Rooms, stream: &Stream) -> Result<(), Fault> {
    let after = stream.sight().delivered.unwrap_or_default().rev;
    let request = ListChangesRequest {
        room_id: stream.room.to_string(),
        after_rev: after,
        ..ListChangesRequest::default()
    };
    let page = rooms.message_store().list_changes(request).await?;
    let senders = rooms.profiles().senders(senders_of(&page.changes)).await;
    let changes = page.changes.into_iter().filter_map(|change| {
        let sender = sender_of(&change).and_then(|from| senders.get(from).cloned());
        let news = News::of_change(change, sender)?;
        let traceparent = String::new();
        Some((news.position(), Change { news, traceparent }))
    });
    stream.fill(page.complete_rev, changes.collect());
    // The last one here may have left the room.
    rooms.release(stream.room);
    Ok(())
}
