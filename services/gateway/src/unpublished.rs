//! Events that Redis did not take: counted each, and told to the operator now and then. While Redis is
//! away there is one for each message, and a line for each would bury everything else.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How often the operator is told.
const EVERY: Duration = Duration::from_secs(5);

/// What was not published since the operator was last told.
#[derive(Default)]
pub struct Unpublished(Mutex<State>);

#[derive(Default)]
struct State {
    told: Option<Instant>,
    since: u64,
}

impl Unpublished {
    /// One more; answers how many there are to tell of, if it is time to.
    pub fn count(&self) -> Option<u64> {
        metrics::counter!("confab_gateway_unpublished_events_total").increment(1);
        let mut state = self.0.lock();
        state.since += 1;
        if state.told.is_some_and(|told| told.elapsed() < EVERY) {
            return None;
        }
        state.told = Some(Instant::now());
        Some(std::mem::take(&mut state.since))
    }
}

#[cfg(test)]
mod tests {
    use super::Unpublished;

    #[test]
    fn the_first_is_told_at_once_and_the_next_ones_later_together() {
        let unpublished = Unpublished::default();
        assert_eq!(unpublished.count(), Some(1));
        assert_eq!(unpublished.count(), None);
        assert_eq!(unpublished.count(), None);
        let earlier = super::Instant::now().checked_sub(super::EVERY);
        unpublished.0.lock().told = earlier;
        assert_eq!(unpublished.count(), Some(3));
    }
}
