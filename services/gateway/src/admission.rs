//! How many sockets are made ready at once.
//!
//! When a replica dies thousands of clients come to the others within a second, and each is worth a few
//! reads. Made ready all together, all of them would be late, and come again. So only so many are at a
//! time, others wait for a moment, and who would wait for long is turned away at the door, before it costs
//! anything: a stock client comes back by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use confab_fault::{Fault, Kind};
use rand::Rng as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Between which times who is turned away may come again. One that keeps to it comes when there is room,
/// and not together with the others.
const COME_AGAIN_MS: std::ops::Range<u64> = 1_000..5_000;

/// How many sockets may come at once.
#[derive(Args, Clone, Debug)]
pub struct AdmissionSettings {
    /// How many sockets are made ready at once; the others wait
    // Each is one read of its rooms at a time: with a few milliseconds each that is thousands a second.
    #[arg(long, env = "ADMISSION_AT_ONCE", default_value_t = 64)]
    pub admission_at_once: usize,

    /// How many may wait for that; further clients are turned away, and come again a few seconds later
    // Some seconds of waiting where the store is slow, well below what a client takes for dead.
    #[arg(long, env = "ADMISSION_WAITING", default_value_t = 1_024)]
    pub admission_waiting: usize,
}

impl AdmissionSettings {
    /// What cannot be meant.
    pub fn problems(&self) -> Vec<String> {
        let settings = [
            ("ADMISSION_AT_ONCE", self.admission_at_once),
            ("ADMISSION_WAITING", self.admission_waiting),
        ];
        let is_wrong = |number: usize| !(1..=100_000).contains(&number);
        let wrong = settings.iter().filter(|(_, number)| is_wrong(*number));
        wrong
            .map(|(name, _)| format!("{name}: must be 1 to 100000"))
            .collect()
    }
}

/// Who may be made ready now.
pub struct Admission {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
}

/// One of those who are being made ready; its end is the next one's turn.
#[derive(Clone)]
pub struct Place(#[expect(dead_code, reason = "held, not read")] Option<Arc<OwnedSemaphorePermit>>);

impl Admission {
    /// An empty hall.
    pub fn new(settings: &AdmissionSettings) -> Self {
        Self {
            places: Arc::new(Semaphore::new(settings.admission_at_once)),
            waiting: AtomicUsize::new(0),
            most_waiting: settings.admission_waiting,
        }
    }

    /// Passes if who opens a session now would find a place to wait.
    ///
    /// # Errors
    /// If not: with a time to come again, another one for each.
    pub fn knock(&self) -> Result<(), Fault> {
        if self.waiting.load(Ordering::Relaxed) < self.most_waiting {
            return Ok(());
        }
        metrics::counter!("confab_gateway_turned_away_total").increment(1);
        let wait = Duration::from_millis(rand::rng().random_range(COME_AGAIN_MS));
        let detail = "too many clients are connecting, come again in a moment";
        Err(Fault::new(Kind::Unavailable, "TOO_MANY_CONNECTING", detail).retry_after(wait))
    }

    /// Waits for a place. Who has opened a session is not turned away any more: a stock client that is
    /// refused in words does not come back. They are few more than may wait, those who opened a moment before
    /// that was full.
    pub async fn enter(&self) -> Place {
        let permit = match self.places.clone().try_acquire_owned() {
            Ok(permit) => Some(permit),
            Err(_) => self.wait().await,
        };
        Place(permit.map(Arc::new))
    }

    async fn wait(&self) -> Option<OwnedSemaphorePermit> {
        let waiting = Waiting(&self.waiting);
        let before = waiting.0.fetch_add(1, Ordering::Relaxed);
        metrics::gauge!("confab_gateway_waiting_for_admission").set(before as f64 + 1.0);
        // Fails only if the semaphore is closed, and nobody closes it.
        self.places.clone().acquire_owned().await.ok()
    }
}

/// One who waits; also one who gives up is counted out.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let before = self.0.fetch_sub(1, Ordering::Relaxed);
        metrics::gauge!("confab_gateway_waiting_for_admission").set(before as f64 - 1.0);
    }
}

#[cfg(test)]
mod tests;
