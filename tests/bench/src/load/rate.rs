//! Fixed rate: a message is due at each beat, however slow the answers. Latency counts from when it was
//! due, so a stall is seen by all messages that were due meanwhile (no coordinated omission).

use super::Window;
use crate::stage::Stage;
use anyhow::{Context as _, Result};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

/// Starts a thread that orders so many messages per second, and ends at the end of the load.
///
/// A thread of its own, since the runtime's timers are only good to a millisecond or two, which is more
/// than an ack takes.
pub fn rate(stage: &Arc<Stage>, window: Window, per_second: u32) -> Result<()> {
    let stage = stage.clone();
    thread::Builder::new()
        .name("beat".to_owned())
        .spawn(move || beat(&stage, window, per_second))
        .context("cannot start the thread that keeps the beat")?;
    Ok(())
}

fn beat(stage: &Stage, window: Window, per_second: u32) {
    for n in 0.. {
        let due = due(window.start, n, per_second);
        if due >= window.end {
            return;
        }
        let wait = stage
            .run
            .tally
            .instant(due)
            .saturating_duration_since(Instant::now());
        if !wait.is_zero() {
            thread::sleep(wait);
        }
        let (socket, order) = stage.order(n, due);
        // A full queue makes the beat late, which the latencies show. A closed socket has said so.
        let _ = socket.orders.blocking_send(order);
    }
}

/// Computed from the number, so that rounding does not add up.
const fn due(start: u64, n: u64, per_second: u32) -> u64 {
    start + n * 1_000_000_000 / per_second as u64
}

#[cfg(test)]
mod tests;
