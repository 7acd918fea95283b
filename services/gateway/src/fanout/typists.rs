//! Who is typing in a room, as its sockets here know it: they hear of changes, not of repeats.
//!
//! A typist who is not heard of for a while has stopped, whatever became of their gateway.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use confab_ids::UserId;

/// Twice the time after which a client that goes on typing says so again, with something for the way.
pub const FORGOTTEN_AFTER: Duration = Duration::from_secs(6);

/// Who is typing, and until when without a further word.
#[derive(Default)]
pub struct Typists(HashMap<UserId, Instant>);

impl Typists {
    /// Somebody types; true if they did not before.
    pub fn begin(&mut self, user: UserId, now: Instant) -> bool {
        self.0.insert(user, now + FORGOTTEN_AFTER).is_none()
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

    use super::{FORGOTTEN_AFTER, Typists};

    #[test]
    fn only_changes_are_told() {
        let (mut typists, ann, now) = (Typists::default(), UserId::generate(), Instant::now());
        assert!(!typists.end(ann));
        assert!(typists.begin(ann, now));
        assert!(!typists.begin(ann, now));
        assert!(typists.end(ann));
        assert!(!typists.end(ann));
    }

    #[test]
    fn a_repeat_makes_it_last_longer() {
        let (mut typists, ann, now) = (Typists::default(), UserId::generate(), Instant::now());
        let later = now + Duration::from_secs(3);
        typists.begin(ann, now);
        typists.begin(ann, later);
        assert_eq!(typists.until(ann), Some(later + FORGOTTEN_AFTER));
    }
}
