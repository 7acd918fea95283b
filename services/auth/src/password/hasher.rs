//! bcrypt at work: off the async threads, no more at once than there are cores, with a short queue.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bcrypt::BcryptError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Password;

/// The queue is as long as can be worked off in this time: longer than that nobody waits for a login.
const PATIENCE: Duration = Duration::from_secs(4);
/// At least so many may wait for each core, so that a slow moment at start does not refuse everybody.
const QUEUE_MIN: usize = 16;
/// At most so many may wait for each core; at the lowest cost time alone would allow thousands.
const QUEUE_MAX: usize = 512;

/// Hashes and verifies passwords.
pub struct Hasher {
    cost: u32,
    /// The hash of a password that nobody knows.
    dummy: Arc<str>,
    /// How long one hash takes, measured at start.
    pace: Duration,
    cores: Arc<Semaphore>,
    /// Room for those at work and those in the queue.
    places: Arc<Semaphore>,
    /// How long a full queue takes.
    full: Duration,
}

/// A password could not be hashed or verified.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    #[error("too many passwords are being hashed")]
    Busy { retry_after: Duration },
    #[error("bcrypt failed")]
    Bcrypt(#[from] BcryptError),
    #[error("hashing was abandoned")]
    Abandoned(#[from] tokio::task::JoinError),
}

impl Hasher {
    /// A hasher for this machine; measures it with one hash.
    pub async fn new(cost: u32) -> Result<Self, HashError> {
        let unknown = Password::new(format!("{:032x}", rand::random::<u128>()));
        let (dummy, pace) = tokio::task::spawn_blocking(move || {
            let started = Instant::now();
            bcrypt::hash(&unknown.0, cost).map(|hash| (hash, started.elapsed()))
        })
        .await??;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let queue = queue_per_core(pace);
        Ok(Self {
            cost,
            dummy: dummy.into(),
            pace,
            cores: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(cores * (1 + queue))),
            full: pace * u32::try_from(queue).expect("the longest queue is a small number"),
        })
    }

    /// How long one hash took at start.
    pub const fn pace(&self) -> Duration {
        self.pace
    }

    /// The hash to store for a password.
    pub async fn hash(&self, password: Password) -> Result<String, HashError> {
        let cost = self.cost;
        self.work(move || bcrypt::hash(&password.0, cost)).await
    }

    /// Whether a password is the one that was hashed. Without a hash the answer is no, after the same
    /// time: who asks must not learn from a clock whether there is such an account.
    pub async fn verify(
        &self,
        password: Password,
        hash: Option<String>,
    ) -> Result<bool, HashError> {
        let known = hash.is_some();
        let hash = hash.map_or_else(|| self.dummy.clone(), Arc::from);
        let matches = self
            .work(move || {
                let matches = bcrypt::verify(&password.0, &hash)?;
                Ok(matches && password.is_distinct())
            })
            .await?;
        Ok(matches && known)
    }

    /// Does one piece of work, dear enough to be seen in a trace, when it is its turn. Who goes away while waiting leaves the queue.
    #[tracing::instrument(name = "password", skip_all)]
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, BcryptError> + Send + 'static,
    ) -> Result<T, HashError> {
        let asked = Instant::now();
        let place = self
            .places
            .clone()
            .try_acquire_owned()
            .map_err(|_| HashError::Busy {
                retry_after: self.full.max(Duration::from_secs(1)),
            })?;
        let core = self
            .cores
            .clone()
            .acquire_owned()
            .await
            .expect("nobody closes this semaphore");
        metrics::histogram!("confab_auth_password_wait_duration_seconds")
            .record(asked.elapsed().as_secs_f64());
        // The permits go along: a hash cannot be interrupted, and holds its core to its end.
        let done = tokio::task::spawn_blocking(move || timed((place, core), work)).await?;
        Ok(done?)
    }
}

fn timed<T>(permits: (OwnedSemaphorePermit, OwnedSemaphorePermit), work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = work();
    metrics::histogram!("confab_auth_password_hash_duration_seconds")
        .record(started.elapsed().as_secs_f64());
    drop(permits);
    done
}

fn queue_per_core(pace: Duration) -> usize {
    let fits = PATIENCE.as_micros() / pace.as_micros().max(1);
    usize::try_from(fits)
        .unwrap_or(QUEUE_MAX)
        .clamp(QUEUE_MIN, QUEUE_MAX)
}

#[cfg(test)]
mod tests;
