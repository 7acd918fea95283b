//! All keys at one moment: which one signs, which verify, when the next one is due.

use std::time::{Duration, SystemTime};

use super::{KeyState, SigningKey};

/// How often replicas read the keys anew: that long another one may go on to sign with the key before.
pub const READ_EVERY: Duration = Duration::from_secs(30);
/// How far the clocks of replicas and gateways may be apart.
const CLOCKS: Duration = Duration::from_secs(60);
/// How long before its first token a key is published: several times what a gateway waits between two
/// readings.
const AHEAD: Duration = Duration::from_secs(5 * 60);

/// All keys, by slot ascending; never empty.
#[derive(Clone)]
pub struct Ring(Vec<SigningKey>);

impl Ring {
    /// A ring of the keys that are stored; none of no keys.
    pub fn new(mut keys: Vec<SigningKey>) -> Option<Self> {
        keys.sort_by_key(|key| key.slot);
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The key that signs: the last one whose time has come. A clock that is behind the one that made the
    /// first key takes that.
    pub fn active(&self, now: SystemTime) -> &SigningKey {
        let mut ready = self.0.iter().rev().filter(|key| key.active_from <= now);
        ready.next().unwrap_or(&self.0[0])
    }

    /// The last of all keys, be it active or next.
    pub fn last(&self) -> &SigningKey {
        self.0.last().expect("a ring is never empty")
    }

    /// The keys that verify, the newest first.
    pub fn verifying(&self, now: SystemTime) -> impl Iterator<Item = (&SigningKey, KeyState)> {
        let active = self.active(now).slot;
        self.0
            .iter()
            .rev()
            .filter(move |key| !self.is_dead(key, now))
            .map(move |key| {
                let state = match key.slot.cmp(&active) {
                    std::cmp::Ordering::Less => KeyState::Retired,
                    std::cmp::Ordering::Equal => KeyState::Active,
                    std::cmp::Ordering::Greater => KeyState::Next,
                };
                (key, state)
            })
    }

    /// The slots of keys whose last token has expired.
    pub fn dead(&self, now: SystemTime) -> Vec<i64> {
        let dead = self.0.iter().filter(|key| self.is_dead(key, now));
        dead.map(|key| key.slot).collect()
    }

    fn is_dead(&self, key: &SigningKey, now: SystemTime) -> bool {
        let mut later = self.0.iter().filter(|other| other.slot > key.slot);
        later.next().is_some_and(|successor| {
            successor.active_from + key.longest_token + READ_EVERY + CLOCKS <= now
        })
    }

    /// From when on the next key shall sign, if it is time to publish it.
    pub fn due(&self, now: SystemTime, rotation: Duration) -> Option<SystemTime> {
        let ahead = AHEAD.min(rotation / 2);
        let due = self.last().active_from + rotation;
        // Nobody may have looked for a while: then the next one is late, but published ahead all the same.
        (due <= now + ahead).then(|| due.max(now + ahead))
    }
}

#[cfg(test)]
mod tests;
