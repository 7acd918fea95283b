//! Budgets that all replicas share, kept in Redis by GCRA (the generic cell rate algorithm).
//!
//! A budget is one number in Redis: the time at which it will be full again. Several budgets of one
//! subject are charged by one script in one round trip, all of them or none. While Redis is away or slow
//! the same arithmetic goes on in this process, with this replica's share of each budget: never without
//! a limit, and never waiting for Redis more than once. This crate knows no user, no address and no event.
#![warn(missing_docs)]

mod circuit;
pub mod gcra;
mod local;
mod quota;
mod script;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::circuit::Circuit;
use crate::gcra::Standing;
use crate::local::Local;
pub use crate::quota::{Quota, QuotaError};
use crate::script::Budgets;

/// Why the budgets cannot be kept.
#[derive(Debug, thiserror::Error)]
#[error("redis: {0}")]
pub struct LimitError(#[from] fred::error::Error);

/// What is taken from one budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge<'a> {
    /// The budget's name among those of its subject.
    pub budget: &'a str,
    /// How much it holds, and how fast it fills.
    pub quota: Quota,
    /// How much is taken: 0 only looks, less than 0 gives back.
    pub cost: i32,
}

impl<'a> Charge<'a> {
    /// Takes one.
    #[must_use]
    pub const fn one(budget: &'a str, quota: Quota) -> Self {
        Self {
            budget,
            quota,
            cost: 1,
        }
    }

    /// Gives one back.
    #[must_use]
    pub const fn refund(budget: &'a str, quota: Quota) -> Self {
        Self {
            budget,
            quota,
            cost: -1,
        }
    }

    /// Takes nothing, and tells how the budget stands.
    #[must_use]
    pub const fn look(budget: &'a str, quota: Quota) -> Self {
        Self {
            budget,
            quota,
            cost: 0,
        }
    }
}

/// What became of a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether all budgets had enough; if not, nothing was taken from any.
    pub allowed: bool,
    /// How each budget stands now, in the order of the charges.
    pub standings: Vec<Standing>,
    /// The time of the clock that decided, in microseconds: that of Redis, or of this process.
    pub at: i64,
    /// Whether this process decided by itself.
    pub local: bool,
}

impl Verdict {
    /// Which charge was refused, and how its budget stands; of several the one to wait for longest.
    #[must_use]
    pub fn refused(&self) -> Option<(usize, Standing)> {
        if self.allowed {
            return None;
        }
        let standings = self.standings.iter().copied().enumerate();
        standings.max_by_key(|(_, standing)| standing.retry_after)
    }
}

/// Keeps the budgets. Clones share one connection.
#[derive(Clone)]
pub struct Limiter(Arc<Inner>);

struct Inner {
    budgets: Budgets,
    local: Local,
    circuit: Circuit,
    /// Among how many replicas the budgets are shared while Redis is away.
    replicas: AtomicU32,
}

impl Limiter {
    /// Connects to Redis; every key's name begins with `prefix`. No charge waits longer than `deadline`.
    ///
    /// # Errors
    /// If the URL is wrong or Redis cannot be reached now; later outages are bridged.
    pub async fn connect(url: &str, prefix: &str, deadline: Duration) -> Result<Self, LimitError> {
        Ok(Self(Arc::new(Inner {
            budgets: Budgets::connect(url, prefix, deadline).await?,
            local: Local::new(),
            circuit: Circuit::default(),
            replicas: AtomicU32::new(1),
        })))
    }

    /// Among how many replicas the budgets are to be shared while Redis is away.
    pub fn shared_by(&self, replicas: usize) {
        let replicas = u32::try_from(replicas).unwrap_or(u32::MAX).max(1);
        self.0.replicas.store(replicas, Ordering::Relaxed);
    }

    /// Takes from several budgets of one subject, from all or from none. Answers within the deadline.
    pub async fn charge(&self, subject: &str, charges: &[Charge<'_>]) -> Verdict {
        if self.0.circuit.is_closed() {
            // Boxed: the library's futures are large, and every event's would be as large.
            match Box::pin(self.0.budgets.charge(subject, charges)).await {
                Ok(verdict) => return verdict,
                Err(error) => self.fall_back(&error, subject),
            }
        }
        metrics::counter!("confab_limit_local_decisions_total").increment(1);
        let replicas = self.0.replicas.load(Ordering::Relaxed);
        self.0.local.charge(subject, charges, replicas)
    }

    /// Whether the budgets are this process' own at the moment.
    #[must_use]
    pub fn is_local(&self) -> bool {
        !self.0.circuit.is_closed()
    }

    /// Closes the connection.
    pub async fn close(&self) {
        self.0.budgets.close().await;
    }

    /// Redis did not answer one charge: none waits for it any more until it answers a question of ours.
    fn fall_back(&self, error: &LimitError, subject: &str) {
        if self.0.circuit.open() {
            tracing::warn!(%error, "budgets are not shared any more, each replica keeps its own");
            metrics::gauge!("confab_limit_redis_away").set(1.0);
            let limiter = Arc::downgrade(&self.0);
            tokio::spawn(circuit::mend(limiter, subject.to_owned()));
        }
    }
}
