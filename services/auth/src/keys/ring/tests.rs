use std::time::{Duration, SystemTime};

use super::{AHEAD, CLOCKS, READ_EVERY, Ring};
use crate::keys::{KeyState, SigningKey};

const DAY: Duration = Duration::from_secs(24 * 3_600);
const TOKEN: Duration = Duration::from_secs(900);

fn ring(times: &[SystemTime]) -> Ring {
    let key = |(slot, from): (i64, &SystemTime)| SigningKey::generate(slot, *from, TOKEN);
    // In any order, as a store may answer them.
    let mut keys: Vec<_> = (1..).zip(times).map(key).collect();
    keys.reverse();
    Ring::new(keys).unwrap()
}

fn states(ring: &Ring, now: SystemTime) -> Vec<(i64, KeyState)> {
    ring.verifying(now)
        .map(|(key, state)| (key.slot, state))
        .collect()
}

#[test]
fn a_keys_state_follows_from_the_clock() {
    use KeyState::{Active, Next, Retired};
    let start = SystemTime::now();
    let ring = ring(&[start, start + DAY]);
    assert_eq!(states(&ring, start), [(2, Next), (1, Active)]);
    assert_eq!(ring.active(start).slot, 1);
    assert_eq!(states(&ring, start + DAY), [(2, Active), (1, Retired)]);
    assert_eq!(ring.active(start + DAY).slot, 2);
    let last = start + DAY + TOKEN + READ_EVERY + CLOCKS;
    assert_eq!(states(&ring, last - Duration::from_secs(1)).len(), 2);
    assert_eq!(states(&ring, last), [(2, Active)]);
    assert_eq!(ring.dead(last), [1]);
}

#[test]
fn a_clock_that_is_behind_still_has_a_key_to_sign_with() {
    let start = SystemTime::now();
    assert_eq!(ring(&[start]).active(start - DAY).slot, 1);
}

#[test]
fn the_next_key_is_published_ahead_and_once() {
    let start = SystemTime::now();
    let (one, two) = (ring(&[start]), ring(&[start, start + DAY]));
    let ahead = start + DAY - AHEAD;
    assert_eq!(one.due(ahead - Duration::from_secs(1), DAY), None);
    assert_eq!(one.due(ahead, DAY), Some(start + DAY));
    assert_eq!(two.due(start + DAY, DAY), None);
    // Everybody was away for a week.
    assert_eq!(one.due(start + 7 * DAY, DAY), Some(start + 7 * DAY + AHEAD));
}

#[test]
fn there_is_no_ring_without_a_key() {
    assert!(Ring::new(Vec::new()).is_none());
}
