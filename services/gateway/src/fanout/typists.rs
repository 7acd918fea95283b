//! Who is typing in a room, as its sockets here know it: they hear of changes, not of repeats.
//!
//! A typist who is not heard of for a while has stopped, whatever became of their gateway.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use confab_ids::UserId;

/// How long it lasts if its gateway does not say.
const USUAL: Duration = Duration::from_secs(6);
/// The longest that is believed.
const LONGEST: Duration = Duration::from_secs(120);

/// How long somebody who types goes on without a further word.
pub fn lasting(millis: i64) -> Duration {
    match u64::try_from(millis) {
        Ok(0) | Err(_) => USUAL,
        Ok(millis) => Duration::from_millis(millis).min(LONGEST),
    }
}

/// Who is typing, and until when without a further word.
#[derive(Default)]
pub struct Typists(HashMap<UserId, Instant>);

impl Typists {
    /// Somebody types, and goes on for so long; true if they did not before.
    pub fn begin(&mut self, user: UserId, now: Instant, lasts: Duration) -> bool {
        self.0.insert(user, now + lasts).is_none()
    }

    /// Somebody has stopped; false if they did not type.
    pub fn end(&mut self, user: UserId) -> bool {
        self.0.remove(&user).is_some()
    }

    /// Until when somebody types, if they do.
    pub fn until(&self, user: UserId) -> Option<Instant> {
        self.0.get(&user).copied()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use confab_ids::UserId;

    use super::{LONGEST, Typists, USUAL, lasting};

    #[test]
    fn only_changes_are_told() {
        let (mut typists, ann, now) = (Typists::default(), UserId::generate(), Instant::now());
        assert!(!typists.end(ann));
        assert!(typists.begin(ann, now, USUAL));
        assert!(!typists.begin(ann, now, USUAL));
        assert!(typists.end(ann));
        assert!(!typists.end(ann));
    }

    #[test]
    fn a_repeat_makes_it_last_longer() {
        let (mut typists, ann, now) = (Typists::default(), UserId::generate(), Instant::now());
        let later = now + Duration::from_secs(3);
        typists.begin(ann, now, USUAL);
        typists.begin(ann, later, USUAL);
        assert_eq!(typists.until(ann), Some(later + USUAL));
    }

    #[test]
    fn how_long_it_lasts_is_bounded() {
        assert_eq!(lasting(0), USUAL);
        assert_eq!(lasting(-5), USUAL);
        assert_eq!(lasting(2_000), Duration::from_secs(2));
        assert_eq!(lasting(i64::MAX), LONGEST);
    }
}
