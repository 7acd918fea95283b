//! One measured run: connect everybody, load, take the costs at both ends of the window, wait for stragglers.

mod closed;
mod rate;

use crate::account::Account;
use crate::cluster::Process;
use crate::cost::{self, Cost};
use crate::layout::Layout;
use crate::ledger::Mistakes;
use crate::procfs::{self, Usage};
use crate::progress;
use crate::socket::{Order, Room, Run, Seat, Socket};
use crate::tally::{Counts, nanoseconds};
use anyhow::{Result, ensure};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

pub use closed::closed;
pub use rate::rate;

/// How many sockets connect at once.
const AT_ONCE: usize = 32;
/// How long it must have been quiet at the end before nothing more is expected; a doubled message
/// follows the first within a moment.
const QUIET: Duration = Duration::from_millis(500);

/// Everybody connected, nobody speaking.
pub struct Stage {
    pub run: Arc<Run>,
    pub layout: Layout,
    pub rooms: Vec<Arc<Room>>,
    pub sockets: Vec<Socket>,
}

/// When to load and when to measure, in nanoseconds of the run's clock.
#[derive(Clone, Copy)]
pub struct Window {
    pub start: u64,
    pub from: u64,
    pub to: u64,
}

/// What came of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub seconds: f64,
    pub acked: u64,
    pub delivered: u64,
    pub acked_per_second: f64,
    pub delivered_per_second: f64,
    pub to_ack: Quantiles,
    pub to_other: Quantiles,
    pub lateness: Quantiles,
    pub costs: Vec<Cost>,
    /// Of the whole run, warm-up included, as are the following.
    pub sent: u64,
    pub acked_in_all: u64,
    pub unanswered: u64,
    pub sockets_closed: u64,
    pub complaints: BTreeMap<String, u64>,
    pub mistakes: Mistakes,
}

/// A latency in microseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Quantiles {
    pub p50: u64,
    pub p99: u64,
    pub p999: u64,
    pub max: u64,
    pub count: u64,
}

impl Stage {
    /// Connects everybody.
    pub async fn set(
        run: Arc<Run>,
        layout: Layout,
        accounts: &[Account],
        rooms: Vec<String>,
    ) -> Result<Self> {
        let rooms: Vec<Arc<Room>> = rooms
            .into_iter()
            .map(|id| {
                Arc::new(Room {
                    id,
                    acked: parking_lot::Mutex::default(),
                })
            })
            .collect();
        let seats = layout.rooms_by_user();
        let sockets = stream::iter(accounts.iter().zip(&seats))
            .map(async |(account, seats)| {
                let seats: Vec<Arc<Room>> = seats
                    .iter()
                    .map(|&room| rooms[room as usize].clone())
                    .collect();
                Socket::connect(&run, account, &seats).await
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(Self {
            run,
            layout,
            rooms,
            sockets,
        })
    }

    /// The socket of the n-th sender, and what it is to send.
    pub fn order(&self, n: u64, due: u64) -> (&Socket, Order) {
        let (room, user) = self.layout.sender(n);
        let order = Order {
            room: self.rooms[room as usize].clone(),
            due,
            answered: None,
        };
        (&self.sockets[user as usize], order)
    }

    /// A window that begins now.
    pub fn window(&self, warm_up: Duration, duration: Duration) -> Window {
        let start = self.run.tally.now();
        let from = start + nanoseconds(warm_up);
        let to = from + nanoseconds(duration);
        self.run.tally.measure_between(from, to);
        Window { start, from, to }
    }

    /// Takes the costs while the load runs, waits for stragglers, and draws up the account.
    pub async fn measure(
        &self,
        window: Window,
        processes: &[Process],
        settle: Duration,
    ) -> Result<Outcome> {
        let tally = &self.run.tally;
        let before = self.sample_at(window.from, processes).await?;
        let after = self.sample_at(window.to, processes).await?;
        progress::say("waiting for stragglers");
        self.settle(settle).await;
        let all = tally.counts();
        ensure!(
            all.acked > 0,
            "not one message was acked: {:?}",
            tally.complaints()
        );
        let seconds = (after.at - before.at).as_secs_f64();
        let acked = after.counts.acked - before.counts.acked;
        let delivered = after.counts.delivered - before.counts.delivered;
        let work = cost::Work {
            seconds,
            acked,
            delivered,
        };
        Ok(Outcome {
            seconds,
            acked,
            delivered,
            acked_per_second: acked as f64 / seconds,
            delivered_per_second: delivered as f64 / seconds,
            to_ack: tally.to_ack.read(Quantiles::of),
            to_other: tally.to_other.read(Quantiles::of),
            lateness: tally.lateness.read(Quantiles::of),
            costs: cost::costs(processes, &before.usages, &after.usages, work),
            sent: all.sent,
            acked_in_all: all.acked,
            unanswered: tally.in_flight(),
            sockets_closed: tally.closed.load(Relaxed),
            complaints: tally.complaints(),
            mistakes: self.mistakes(),
        })
    }

    async fn sample_at(&self, moment: u64, processes: &[Process]) -> Result<Sample> {
        tokio::time::sleep_until(self.run.tally.instant(moment).into()).await;
        let usages = processes.iter().map(|process| procfs::usage(process.pid));
        Ok(Sample {
            usages: usages.collect::<Result<_>>()?,
            at: Instant::now(),
            counts: self.run.tally.counts(),
        })
    }

    /// Waits until everybody has everything and it is quiet, or for `limit`.
    async fn settle(&self, limit: Duration) {
        let end = Instant::now() + limit;
        let (mut counts, mut quiet_since) = (self.run.tally.counts(), Instant::now());
        while Instant::now() < end {
            tokio::time::sleep(QUIET / 10).await;
            let now = self.run.tally.counts();
            if (now.acked, now.delivered) != (counts.acked, counts.delivered) {
                (counts, quiet_since) = (now, Instant::now());
            }
            let quiet = quiet_since.elapsed() >= QUIET;
            if quiet && self.run.tally.in_flight() == 0 && self.is_complete() {
                return;
            }
        }
    }

    fn is_complete(&self) -> bool {
        let complete = |seat: &Seat| seat.seen.is_complete(seat.room.acked.lock().last());
        self.sockets
            .iter()
            .all(|socket| socket.seats.lock().iter().all(complete))
    }

    fn mistakes(&self) -> Mistakes {
        let rooms = self.rooms.iter().map(|room| room.acked.lock().mistakes());
        let sockets = self.sockets.iter().map(|socket| {
            let seats = socket.seats.lock();
            let seats = seats
                .iter()
                .map(|seat| seat.seen.mistakes(seat.room.acked.lock().last()));
            seats.sum::<Mistakes>()
        });
        rooms.chain(sockets).sum()
    }
}

struct Sample {
    usages: Vec<Usage>,
    at: Instant,
    counts: Counts,
}

impl Quantiles {
    fn of(histogram: &hdrhistogram::Histogram<u64>) -> Self {
        Self {
            p50: histogram.value_at_quantile(0.5),
            p99: histogram.value_at_quantile(0.99),
            p999: histogram.value_at_quantile(0.999),
            max: histogram.max(),
            count: histogram.len(),
        }
    }
}
