//! What happened so far, counted by all sockets together, and the clock that they share.

use hdrhistogram::Histogram;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Two minutes, in microseconds: longer waits count as this.
const LONGEST: u64 = 120_000_000;
/// How many different complaints are kept.
const COMPLAINTS: usize = 20;

pub struct Tally {
    origin: Instant,
    /// Latencies are those of messages due in these windows, in nanoseconds of our clock: the first up to
    /// `to`, the second, if there is one, up to `end`.
    from: AtomicU64,
    to: AtomicU64,
    end: AtomicU64,
    pub sent: AtomicU64,
    /// Acks, good or bad.
    pub answered: AtomicU64,
    pub acked: AtomicU64,
    pub delivered: AtomicU64,
    /// Sockets that the server closed.
    pub closed: AtomicU64,
    /// Sends that were refused for want of capacity.
    pub refused: AtomicU64,
    /// Of the messages of each window.
    pub latencies: [Latencies; 2],
    complaints: Mutex<BTreeMap<String, u64>>,
}

/// How long things took in one window.
pub struct Latencies {
    pub to_ack: Latency,
    pub to_other: Latency,
    /// How much later than due a message was really sent: the generator's own failing.
    pub lateness: Latency,
}

/// Microseconds, to three digits.
pub struct Latency(Mutex<Histogram<u64>>);

/// The counters at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub sent: u64,
    pub acked: u64,
    pub delivered: u64,
}

impl Tally {
    pub fn new() -> Self {
        Self {
            origin: Instant::now(),
            from: AtomicU64::new(u64::MAX),
            to: AtomicU64::new(u64::MAX),
            end: AtomicU64::new(u64::MAX),
            sent: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            acked: AtomicU64::new(0),
            delivered: AtomicU64::new(0),
            closed: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            latencies: [Latencies::new(), Latencies::new()],
            complaints: Mutex::default(),
        }
    }

    /// Nanoseconds since the run began.
    pub fn now(&self) -> u64 {
        nanoseconds(self.origin.elapsed())
    }

    /// When a moment of our clock is.
    pub fn instant(&self, moment: u64) -> Instant {
        self.origin + Duration::from_nanos(moment)
    }

    pub fn measure_between(&self, from: u64, to: u64, end: u64) {
        self.from.store(from, Relaxed);
        self.to.store(to, Relaxed);
        self.end.store(end, Relaxed);
    }

    /// Where the latencies of a message belong that was due then; none if they do not count.
    pub fn latencies(&self, due: u64) -> Option<&Latencies> {
        let (from, to, end) = (&self.from, &self.to, &self.end);
        let (from, to, end) = (from.load(Relaxed), to.load(Relaxed), end.load(Relaxed));
        let [first, second] = &self.latencies;
        match due {
            due if (from..to).contains(&due) => Some(first),
            due if (to..end).contains(&due) => Some(second),
            _ => None,
        }
    }

    pub fn counts(&self) -> Counts {
        Counts {
            sent: self.sent.load(Relaxed),
            acked: self.acked.load(Relaxed),
            delivered: self.delivered.load(Relaxed),
        }
    }

    /// Messages that wait for their ack.
    pub fn in_flight(&self) -> u64 {
        let answered = self.answered.load(Relaxed);
        self.sent.load(Relaxed).saturating_sub(answered)
    }

    /// Notes something that is not as it should be.
    pub fn complain(&self, what: &str) {
        let mut complaints = self.complaints.lock();
        if complaints.len() < COMPLAINTS || complaints.contains_key(what) {
            *complaints.entry(what.to_owned()).or_default() += 1;
        }
    }

    pub fn complaints(&self) -> BTreeMap<String, u64> {
        self.complaints.lock().clone()
    }
}

impl Latencies {
    fn new() -> Self {
        Self {
            to_ack: Latency::new(),
            to_other: Latency::new(),
            lateness: Latency::new(),
        }
    }
}

impl Latency {
    fn new() -> Self {
        Self(Mutex::new(
            Histogram::new_with_bounds(1, LONGEST, 3).expect("the bounds are in order"),
        ))
    }

    /// Notes a time in nanoseconds.
    pub fn record(&self, nanoseconds: u64) {
        self.0.lock().saturating_record(nanoseconds / 1_000);
    }

    pub fn read<T>(&self, read: impl FnOnce(&Histogram<u64>) -> T) -> T {
        read(&self.0.lock())
    }
}

/// A run does not last five hundred years.
pub fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
