//! The arithmetic, without a clock and without I/O; `charge.lua` says the same in Redis.
//!
//! A budget is the time at which it will be full again (the theoretical arrival time, TAT). Taking one
//! moves that time on by one interval; it must not come to lie further ahead than the budget is deep.

use std::time::Duration;

use crate::{Charge, Quota};

/// How a budget stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it holds when it is full.
    pub quota: Quota,
    /// How much is left.
    pub remaining: u32,
    /// When to come back, if there was not enough; in whole milliseconds, and never too early.
    pub retry_after: Option<Duration>,
    /// When it will be full.
    pub reset: Duration,
}

/// Charges budgets whose TATs are given, all or none; answers whether there was enough in each. What a
/// budget never had (a clock that went back, a smaller quota than before) counts as empty.
pub fn decide(now: i64, tats: &mut [i64], charges: &[Charge<'_>]) -> bool {
    let mut allowed = true;
    let mut after = Vec::with_capacity(tats.len());
    for (tat, charge) in tats.iter_mut().zip(charges) {
        *tat = (*tat).clamp(now, now + charge.quota.depth());
        let next = (*tat + i64::from(charge.cost) * charge.quota.interval()).max(now);
        allowed &= charge.cost <= 0 || next - now <= charge.quota.depth();
        after.push(next);
    }
    if allowed {
        tats.copy_from_slice(&after);
    }
    allowed
}

impl Standing {
    /// How a budget stands that is full at `tat`, after a charge.
    #[must_use]
    pub fn of(now: i64, tat: i64, charge: &Charge<'_>, allowed: bool) -> Self {
        let quota = charge.quota;
        let left = now + quota.depth() - tat;
        let wanted = i64::from(charge.cost) * quota.interval();
        let short = !allowed && charge.cost > 0 && left < wanted;
        Self {
            quota,
            remaining: u32::try_from(left / quota.interval()).unwrap_or(0),
            retry_after: short.then(|| whole_millis(wanted - left)),
            reset: whole_millis(tat - now),
        }
    }
}

/// Rounded up: who comes back a moment early is refused again.
fn whole_millis(micros: i64) -> Duration {
    Duration::from_millis(u64::try_from(micros).unwrap_or(0).div_ceil(1_000))
}

#[cfg(test)]
mod tests;
