//! The budgets of this process alone, for while Redis is away: the same arithmetic, in a bounded map.

use std::collections::HashMap;
use std::time::Instant;

use parking_lot::Mutex;

use crate::gcra::{self, Standing};
use crate::{Charge, Verdict};

/// How many budgets are kept, some 15 MB. Beyond that others' are forgotten, which is full again: an
/// attacker with that many addresses is not stopped by a limit on addresses.
const MOST: usize = 100_000;

/// What this process has counted.
pub struct Local {
    epoch: Instant,
    budgets: Mutex<HashMap<String, i64>>,
}

impl Local {
    /// Nothing is counted yet.
    pub fn new() -> Self {
        Self {
            epoch: Instant::now(),
            budgets: Mutex::default(),
        }
    }

    /// Charges a replica's share of each budget, all or none.
    pub fn charge(&self, subject: &str, charges: &[Charge<'_>], replicas: u32) -> Verdict {
        let now = i64::try_from(self.epoch.elapsed().as_micros()).unwrap_or(i64::MAX / 2);
        self.charge_at(now, subject, charges, replicas)
    }

    fn charge_at(&self, now: i64, subject: &str, charges: &[Charge<'_>], replicas: u32) -> Verdict {
        let shares: Vec<_> = charges
            .iter()
            .map(|charge| Charge {
                quota: charge.quota.share(replicas),
                ..*charge
            })
            .collect();
        let names: Vec<_> = charges
            .iter()
            .map(|charge| format!("{subject} {}", charge.budget))
            .collect();
        let mut budgets = self.budgets.lock();
        let known = names.iter().map(|name| budgets.get(name).copied());
        let mut tats: Vec<_> = known.map(Option::unwrap_or_default).collect();
        let allowed = gcra::decide(now, &mut tats, &shares);
        if allowed {
            make_room(&mut budgets, now, names.len());
            for (name, tat) in names.into_iter().zip(&tats) {
                if *tat > now {
                    budgets.insert(name, *tat);
                } else {
                    budgets.remove(&name);
                }
            }
        }
        let standings = tats.iter().zip(&shares);
        let standings = standings.map(|(tat, share)| Standing::of(now, *tat, share, allowed));
        Verdict {
            allowed,
            standings: standings.collect(),
            at: now,
            local: true,
        }
    }

    /// Forgets all.
    pub fn clear(&self) {
        *self.budgets.lock() = HashMap::new();
    }
}

/// Full budgets are not worth a place; if all are in use, a tenth of them goes, whichever.
fn make_room(budgets: &mut HashMap<String, i64>, now: i64, wanted: usize) {
    if budgets.len() + wanted <= MOST {
        return;
    }
    budgets.retain(|_, tat| *tat > now);
    if budgets.len() + wanted > MOST {
        let mut spare = MOST / 10 + wanted;
        budgets.retain(|_, _| {
            spare = spare.saturating_sub(1);
            spare == 0
        });
    }
}

#[cfg(test)]
mod tests;
