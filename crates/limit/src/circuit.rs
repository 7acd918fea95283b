//! Whether Redis is asked at all. One charge that it does not answer opens the circuit; from then on
//! nobody waits for it, until it has answered a question that no client waits for.

use std::sync::Weak;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use crate::{Charge, Inner, Quota};

/// How often Redis is asked whether it is back: soon enough that an outage ends for clients when it ends.
const ASK_EVERY: Duration = Duration::from_millis(250);

/// Closed at first.
#[derive(Default)]
pub struct Circuit(AtomicBool);

impl Circuit {
    /// Whether Redis is to be asked.
    pub fn is_closed(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }

    /// Opens it; true for the one who did.
    pub fn open(&self) -> bool {
        !self.0.swap(true, Ordering::Relaxed)
    }

    fn close(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Asks Redis until it answers, as long as anybody uses the limiter. The question is a charge: a Redis
/// that answers pings and takes no writes (a replica after a failover, a full one) is of no use. It is
/// about the subject that had no answer: in a cluster the others may be kept by servers that are there.
pub async fn mend(limiter: Weak<Inner>, subject: String) {
    let quota = Quota::new(1, ASK_EVERY).expect("one in a quarter of a second is a quota");
    loop {
        sleep(ASK_EVERY).await;
        let Some(inner) = limiter.upgrade() else {
            return;
        };
        let question = [Charge::one("again", quota)];
        if inner.budgets.charge(&subject, &question).await.is_ok() {
            inner.circuit.close();
            // What was counted here is over: it must not add to the next outage.
            inner.local.clear();
            tracing::info!("budgets are shared among the replicas again");
            metrics::gauge!("confab_limit_redis_away").set(0.0);
            return;
        }
    }
}
