//! Comparing the heads of all rooms here with the store: what Redis lost without a word is found.

use std::time::Duration;

use confab_chassis::CancellationToken;
use rand::Rng as _;

use super::mend::mend;
use super::rooms::Rooms;

/// Compares all heads, again and again until `stop`.
pub async fn follow(rooms: Rooms, every: Duration, stop: CancellationToken) {
    loop {
        // Replicas that started together must not ask together.
        let pause = every.mul_f64(rand::rng().random_range(0.8..1.2));
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => check(&rooms).await,
        }
    }
}

/// Compares all heads once.
pub async fn check(rooms: &Rooms) {
    let streams = rooms.all();
    let ids: Vec<_> = streams.iter().map(|stream| stream.room).collect();
    match rooms.heads(&ids).await {
        Ok(heads) => {
            for stream in streams {
                if heads
                    .get(&stream.room)
                    .is_some_and(|head| stream.know(head.rev))
                {
                    mend(rooms, stream);
                }
            }
        }
        Err(fault) => tracing::warn!(%fault, "cannot compare the heads of rooms"),
    }
}
