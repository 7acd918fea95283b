//! One measured run: the costs at both ends of the window, then the stragglers, then the account.

mod closed;
mod outcome;
mod rate;
mod stopped;

use crate::cluster::Process;
use crate::cost::{self, Work};
use crate::procfs::{self, Usage};
use crate::progress;
use crate::stage::Stage;
use crate::tally::{Counts, Tally, nanoseconds};
use anyhow::{Result, ensure};
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

pub use closed::closed;
pub use outcome::{Latencies, Outcome, Quantiles};
pub use rate::rate;
pub use stopped::Stopped;

/// How long it must have been quiet at the end before nothing more is expected; a doubled message
/// follows the first within a moment.
const QUIET: Duration = Duration::from_millis(500);

/// When to load and when to measure, in nanoseconds of the run's clock.
#[derive(Clone, Copy)]
pub struct Window {
    pub start: u64,
    from: u64,
    to: u64,
    /// When the load ends: with the window, or, if some are to stop reading, with a second one.
    pub end: u64,
}

impl Window {
    /// A window that opens after the warm-up; `again` is for a second one after it.
    pub fn begin(tally: &Tally, warm_up: Duration, duration: Duration, again: bool) -> Self {
        let start = tally.now();
        let from = start + nanoseconds(warm_up);
        let to = from + nanoseconds(duration);
        let end = to + if again { nanoseconds(duration) } else { 0 };
        tally.measure_between(from, to, end);
        Self {
            start,
            from,
            to,
            end,
        }
    }
}

struct Sample {
    usages: Vec<Usage>,
    machine_us: u64,
    at: Instant,
    counts: Counts,
}

/// Takes the costs while the load runs, waits for stragglers, and draws up the account.
pub async fn measure(
    stage: &Stage,
    window: Window,
    processes: &[Process],
    settle: Duration,
) -> Result<Outcome> {
    let tally = &stage.run.tally;
    let before = sample_at(tally, window.from, processes).await?;
    let after = sample_at(tally, window.to, processes).await?;
    let stopped = if window.end > window.to {
        Some(stopped::stopped(stage, window, processes).await?)
    } else {
        None
    };
    progress::say("waiting for stragglers");
    wait_for_stragglers(stage, settle).await;
    let all = tally.counts();
    ensure!(
        all.acked > 0,
        "not one message was acked: {:?}",
        tally.complaints()
    );
    let work = Work {
        seconds: (after.at - before.at).as_secs_f64(),
        acked: after.counts.acked - before.counts.acked,
        delivered: after.counts.delivered - before.counts.delivered,
    };
    let costs = cost::costs(processes, &before.usages, &after.usages, work);
    Ok(Outcome {
        seconds: work.seconds,
        acked: work.acked,
        delivered: work.delivered,
        acked_per_second: work.acked as f64 / work.seconds,
        delivered_per_second: work.delivered as f64 / work.seconds,
        latencies: Latencies::of(&tally.latencies[0]),
        stopped,
        other_cores: cost::other_cores(
            after.machine_us.saturating_sub(before.machine_us),
            &costs,
            work,
        ),
        costs,
        sent: all.sent,
        acked_in_all: all.acked,
        delivered_in_all: all.delivered,
        refused: tally.refused.load(Relaxed),
        unanswered: tally.in_flight(),
        sockets_closed: tally.closed.load(Relaxed),
        complaints: tally.complaints(),
        mistakes: stage.mistakes(),
    })
}

async fn sample_at(tally: &Tally, moment: u64, processes: &[Process]) -> Result<Sample> {
    tokio::time::sleep_until(tally.instant(moment).into()).await;
    let usages = processes.iter().map(|process| procfs::usage(process.pid));
    Ok(Sample {
        usages: usages.collect::<Result<_>>()?,
        machine_us: procfs::machine::busy_us()?,
        at: Instant::now(),
        counts: tally.counts(),
    })
}

/// Waits until everybody has everything and it is quiet, or for `limit`.
async fn wait_for_stragglers(stage: &Stage, limit: Duration) {
    let tally = &stage.run.tally;
    let end = Instant::now() + limit;
    let (mut counts, mut quiet_since) = (tally.counts(), Instant::now());
    while Instant::now() < end {
        tokio::time::sleep(QUIET / 10).await;
        let now = tally.counts();
        if now != counts {
            (counts, quiet_since) = (now, Instant::now());
        }
        let quiet = quiet_since.elapsed() >= QUIET;
        if quiet && tally.in_flight() == 0 && stage.is_complete() {
            return;
        }
    }
}
