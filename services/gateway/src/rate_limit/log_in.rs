//! Proving who one is by a password: wrong ones are counted, right ones are not.
//!
//! An account cannot be closed to its owner by a stranger who guesses. What a stranger uses up is the
//! budget of their own address, and, if they have many addresses, the one that all addresses share from
//! which nobody ever logged in to this account. Who comes from where they were before has a budget of
//! their own, and sessions that are open need no password at all.

use std::fmt::Write as _;
use std::time::Duration;

use confab_fault::Fault;
use confab_limit::{Charge, Quota};
use sha2::{Digest as _, Sha256};

use super::{Budget, ClientAddress, RateLimits, Subject, exhausted};
use crate::error::Error;

/// How long an address is remembered from which an account was logged in to.
const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 3_600);

/// What auth says of a wrong password, and of nothing else.
const WRONG: [&str; 2] = ["CREDENTIALS_WRONG", "PASSWORD_WRONG"];

/// An account as its budgets know it: what people call it may be long, and is nobody's business in Redis.
pub fn account(login: &str) -> Subject {
    let digest = Sha256::digest(login.trim().to_lowercase());
    let mut hex = String::with_capacity(32);
    for byte in &digest[..16] {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Subject::Account(hex)
}

/// Lets somebody at `address` try a password. Charged before, so that a crowd of tries at once is no way
/// around it, and given back unless the password was wrong.
pub async fn attempt<T>(
    limits: &RateLimits,
    subject: &Subject,
    address: ClientAddress,
    proof: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Error> {
    let tab = Tab::open(limits, subject, address).await?;
    let outcome = proof.await;
    match &outcome {
        Err(fault) if WRONG.contains(&fault.reason()) => {}
        Err(_) => tab.give_back().await,
        Ok(_) => {
            tab.give_back().await;
            tab.remember().await;
        }
    }
    Ok(outcome?)
}

/// What was charged for one try.
struct Tab<'a> {
    limits: &'a RateLimits,
    subject: String,
    /// The budget of this account at this address.
    here: String,
    here_quota: Option<Quota>,
    /// The budget of this account at all unknown addresses, unless this one is known.
    anywhere_quota: Option<Quota>,
    /// Full as long as the address is not known.
    unknown: String,
}

impl<'a> Tab<'a> {
    async fn open(
        limits: &'a RateLimits,
        subject: &Subject,
        address: ClientAddress,
    ) -> Result<Self, Error> {
        let network = address.network();
        let mut tab = Self {
            limits,
            subject: subject.to_string(),
            here: format!("{}:{network}", Budget::LogInFailures.name()),
            here_quota: limits.quota(Budget::LogInFailures),
            anywhere_quota: limits.quota(Budget::AccountFailures),
            unknown: format!("unknown:{network}"),
        };
        if let Some(quota) = tab.here_quota {
            tab.take(Budget::LogInFailures, Charge::one(&tab.here, quota))
                .await?;
        }
        if tab.anywhere_quota.is_some() && tab.is_known().await {
            tab.anywhere_quota = None;
        }
        if let Some(quota) = tab.anywhere_quota {
            let charge = Charge::one(Budget::AccountFailures.name(), quota);
            if let Err(error) = tab.take(Budget::AccountFailures, charge).await {
                tab.anywhere_quota = None;
                tab.give_back().await;
                return Err(error);
            }
        }
        Ok(tab)
    }

    async fn take(&self, budget: Budget, charge: Charge<'_>) -> Result<(), Error> {
        let verdict = self.limits.limiter.charge(&self.subject, &[charge]).await;
        match verdict.refused() {
            None => Ok(()),
            Some((_, standing)) => Err(exhausted(budget, standing).into()),
        }
    }

    async fn give_back(&self) {
        let here = self
            .here_quota
            .map(|quota| Charge::refund(&self.here, quota));
        let anywhere = self
            .anywhere_quota
            .map(|quota| Charge::refund(Budget::AccountFailures.name(), quota));
        let charges: Vec<_> = here.into_iter().chain(anywhere).collect();
        if !charges.is_empty() {
            self.limits.limiter.charge(&self.subject, &charges).await;
        }
    }

    async fn is_known(&self) -> bool {
        let look = [Charge::look(&self.unknown, once())];
        let verdict = self.limits.limiter.charge(&self.subject, &look).await;
        verdict
            .standings
            .iter()
            .any(|standing| standing.remaining == 0)
    }

    async fn remember(&self) {
        if self.anywhere_quota.is_some() {
            let mark = [Charge::one(&self.unknown, once())];
            self.limits.limiter.charge(&self.subject, &mark).await;
        }
    }
}

/// A budget of one, which once taken is empty for as long as the address is remembered.
fn once() -> Quota {
    Quota::new(1, REMEMBERED).expect("one in a month is a quota")
}
