//! Whether the store is known to be away. Then nobody waits for it in vain: what is asked is refused at
//! once, and one task finds out when it is back.

use std::time::Duration;

use mongodb::bson::doc;
use parking_lot::Mutex;
use tokio::time::{Instant, sleep, timeout};

use super::{Store, StoreError, chain};

/// How long everything must have failed. What waits meanwhile outlives a restart or a short cut.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two questions while it is away, and how long one may take.
const PAUSE: Duration = Duration::from_millis(250);
const QUESTION: Duration = Duration::from_secs(1);
/// After how many questions in vain it is said why.
const SAID_EVERY: u32 = 20;

/// What is known.
#[derive(Default)]
pub struct Absence(Mutex<State>);

#[derive(Default)]
struct State {
    /// The last answer.
    answered: Option<Instant>,
    /// The first failure since.
    failing_since: Option<Instant>,
    known: bool,
}

impl Absence {
    /// Whether the store is known to be away.
    pub fn is_known(&self) -> bool {
        self.0.lock().known
    }

    /// The store did what it was asked, or said why it does not.
    pub fn answered(&self, now: Instant) {
        *self.0.lock() = State {
            answered: Some(now),
            ..State::default()
        };
    }

    /// The store could not be reached, or was silent, when something was asked that began then. Answers
    /// whether it is known from now on that it is away.
    pub fn failed(&self, began: Instant, now: Instant) -> bool {
        let mut state = self.0.lock();
        if state.answered.is_some_and(|answered| answered >= began) {
            return false;
        }
        let since = *state.failing_since.get_or_insert(now);
        let found_out = !state.known && now - since >= PATIENCE;
        state.known |= found_out;
        found_out
    }
}

impl Store {
    /// Asks the store until it answers, in the background.
    pub(super) fn look_out(&self) {
        tracing::warn!("the store is away: what is asked of it is refused until it answers");
        let (store, away) = (
            self.clone(),
            metrics::gauge!("confab_message_store_store_away"),
        );
        away.set(1.0);
        tokio::spawn(async move {
            let mut asked = 0_u32;
            while store.absence.is_known() {
                let ping = store.database.run_command(doc! { "ping": 1 });
                let answer = timeout(QUESTION, ping).await;
                asked += 1;
                let why = match answer.map(|answer| answer.map_err(StoreError::from)) {
                    Err(_) => format!("no answer within {QUESTION:?}"),
                    Ok(Err(error)) if error.is_unreachable() => chain(&error),
                    Ok(_) => {
                        store.absence.answered(Instant::now());
                        continue;
                    }
                };
                if asked.is_multiple_of(SAID_EVERY) {
                    tracing::warn!(error = why, asked, "the store is still away");
                }
                sleep(PAUSE).await;
            }
            away.set(0.0);
            tracing::info!("the store answers again");
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Absence;
    use std::time::Duration;
    use tokio::time::Instant;

    /// Moments by their seconds.
    fn clock() -> impl Fn(f64) -> Instant {
        let start = Instant::now();
        move |seconds| start + Duration::from_secs_f64(seconds)
    }

    #[test]
    fn a_store_that_fails_now_and_then_is_not_away() {
        let (absence, at) = (Absence::default(), clock());
        for second in (1..100).map(f64::from) {
            assert!(!absence.failed(at(second), at(second + 0.1)));
            absence.answered(at(second + 0.5));
        }
        assert!(!absence.is_known());
    }

    #[test]
    fn when_all_has_failed_for_a_while_it_is_known_and_found_out_once() {
        let (absence, at) = (Absence::default(), clock());
        assert!(!absence.failed(at(9.0), at(10.0)));
        assert!(!absence.failed(at(10.0), at(11.9)));
        assert!(!absence.is_known());
        assert!(absence.failed(at(10.0), at(12.0)));
        assert!(!absence.failed(at(10.0), at(12.1)));
        assert!(absence.is_known());
    }

    #[test]
    fn what_began_before_the_last_answer_and_failed_after_it_says_nothing() {
        let (absence, at) = (Absence::default(), clock());
        absence.failed(at(0.0), at(1.0));
        absence.answered(at(2.0));
        assert!(!absence.failed(at(1.5), at(5.5)));
        assert!(!absence.failed(at(1.9), at(9.0)));
        assert!(!absence.is_known());
    }

    #[test]
    fn it_is_back_with_its_first_answer() {
        let (absence, at) = (Absence::default(), clock());
        absence.failed(at(0.0), at(1.0));
        absence.failed(at(1.0), at(5.0));
        assert!(absence.is_known());
        absence.answered(at(6.0));
        assert!(!absence.is_known());
        assert!(!absence.failed(at(7.0), at(8.0)));
    }
}
