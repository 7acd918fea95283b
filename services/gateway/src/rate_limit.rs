//! Who may do how much, counted over all replicas: the budgets, and charging them.

mod budget;
mod client_address;
pub mod log_in;
mod opening;
mod settings;

use confab_limit::gcra::Standing;
use confab_limit::{Charge, Limiter, Quota};

pub use budget::{Budget, Subject};
pub use client_address::{ClientAddress, TrustedProxies};
pub use opening::Opening;
pub use settings::RateLimitSettings;

/// The budgets of this cluster, as this gateway charges them.
pub struct RateLimits {
    limiter: Limiter,
    settings: RateLimitSettings,
}

/// A budget that has not enough left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many {}, come back later", .budget.in_words())]
pub struct Exhausted {
    /// Which one.
    pub budget: Budget,
    /// How it stands.
    pub standing: Standing,
}

impl RateLimits {
    /// Budgets as the operator wants them.
    pub const fn new(limiter: Limiter, settings: RateLimitSettings) -> Self {
        Self { limiter, settings }
    }

    /// Takes one from each of these budgets of somebody, or none from any. Answers how the first of them
    /// stands that there is.
    pub async fn charge(
        &self,
        subject: Subject,
        budgets: &[Budget],
    ) -> Result<Option<Standing>, Exhausted> {
        let there = |budget: &Budget| Some((*budget, self.quota(*budget)?));
        let there: Vec<_> = budgets.iter().filter_map(there).collect();
        let charges: Vec<_> = there
            .iter()
            .map(|(budget, quota)| Charge::one(budget.name(), *quota))
            .collect();
        if charges.is_empty() {
            return Ok(None);
        }
        let verdict = self.limiter.charge(&subject.to_string(), &charges).await;
        match verdict.refused() {
            None => Ok(verdict.standings.first().copied()),
            Some((number, standing)) => Err(exhausted(there[number].0, standing)),
        }
    }

    /// Among how many gateways the budgets are shared while Redis is away.
    pub fn shared_by(&self, gateways: usize) {
        self.limiter.shared_by(gateways);
    }

    /// Closes the connection to Redis.
    pub async fn close(&self) {
        self.limiter.close().await;
    }

    /// None if this budget is switched off.
    fn quota(&self, budget: Budget) -> Option<Quota> {
        self.settings.quota(budget)
    }
}

fn exhausted(budget: Budget, standing: Standing) -> Exhausted {
    metrics::counter!("confab_gateway_rate_limited_total", "budget" => budget.name()).increment(1);
    Exhausted { budget, standing }
}
