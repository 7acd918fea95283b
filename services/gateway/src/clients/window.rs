//! How many calls to a service may be under way, as many as it answers in good time.
//!
//! A service that is asked for more than it can do does everything late: what waits in front of it grows
//! until each answer comes after its deadline, and the work was for nothing. So what comes on top is
//! refused at once, with a hint when to come again. How much is too much is learnt from the answers, as TCP
//! learns how much a line takes: a little more while they come in good time, a tenth less when they do not
//! (additive increase, multiplicative decrease; Chiu and Jain, 1989).

use std::time::{Duration, Instant};

use confab_fault::{Fault, Kind};
use parking_lot::Mutex;
use rand::Rng as _;

/// Later than this is not in good time. A store that rests takes a few milliseconds.
pub const GOOD_TIME: Duration = Duration::from_secs(1);
/// So many may always be under way: a service that stands still has to be asked whether it goes again.
pub const LEAST: f64 = 32.0;
/// More than a replica can take on is no window any more.
pub const MOST: f64 = 4_096.0;
/// What a new replica begins with.
const FIRST: f64 = 256.0;
/// What is left of the window when answers are late.
const LESS: f64 = 0.9;
/// All that were under way together are late together: that is one reason to ask for less, not many.
const ONCE_IN: Duration = Duration::from_millis(100);
/// Between which times a client may come again.
const COME_AGAIN_MS: std::ops::Range<u64> = 500..2_000;

/// The calls that are under way, and how many may be.
pub struct Window(Mutex<State>);

struct State {
    under_way: u32,
    most: f64,
    lessened: Option<Instant>,
}

impl Window {
    /// A window that knows nothing yet.
    pub fn new() -> Self {
        Self(Mutex::new(State {
            under_way: 0,
            most: FIRST,
            lessened: None,
        }))
    }

    /// One more call, if there is room.
    ///
    /// # Errors
    /// If not: with a time to come again, another one for each.
    pub fn enter(&self, now: Instant) -> Result<Turn<'_>, Fault> {
        let mut state = self.0.lock();
        if f64::from(state.under_way) + 1.0 > state.most {
            drop(state);
            metrics::counter!("confab_gateway_shed_calls_total").increment(1);
            let wait = Duration::from_millis(rand::rng().random_range(COME_AGAIN_MS));
            let detail = "the service has too much to do, come again in a moment";
            return Err(Fault::new(Kind::Unavailable, "OVERLOADED", detail).retry_after(wait));
        }
        state.under_way += 1;
        let window = self;
        Ok(Turn {
            window,
            since: now,
            was_full: f64::from(state.under_way) * 2.0 > state.most,
        })
    }

    /// How many may be under way now.
    pub fn most(&self) -> f64 {
        self.0.lock().most
    }

    fn leave(&self) {
        self.0.lock().under_way -= 1;
    }

    fn learn(&self, in_good_time: bool, was_full: bool, now: Instant) {
        let mut state = self.0.lock();
        if in_good_time {
            // Of a window that is mostly empty nobody learns whether more would fit.
            if was_full {
                // Its square root more each time it was answered whole: 32 become 256 within 3,000 calls.
                state.most = (state.most + state.most.sqrt().recip()).min(MOST);
            }
        } else if state.lessened.is_none_or(|last| now >= last + ONCE_IN) {
            state.most = (state.most * LESS).max(LEAST);
            state.lessened = Some(now);
        }
        metrics::gauge!("confab_gateway_call_window").set(state.most);
    }
}

/// One call that is under way; also one that is given up leaves.
pub struct Turn<'a> {
    window: &'a Window,
    since: Instant,
    was_full: bool,
}

impl Turn<'_> {
    /// The call has ended, with an answer or without.
    pub fn end(self, answered: bool, now: Instant) {
        let in_good_time = answered && now.duration_since(self.since) <= GOOD_TIME;
        self.window.learn(in_good_time, self.was_full, now);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.window.leave();
    }
}

#[cfg(test)]
mod tests;
