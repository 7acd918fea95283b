use super::{round, rounds_per_us};
use std::collections::HashSet;

#[test]
fn a_core_does_something() {
    let speed = rounds_per_us();
    assert!(speed.is_finite() && speed > 0.0, "{speed}");
}

#[test]
fn the_calculation_is_not_one_that_ends_in_a_circle_and_can_be_left_out() {
    let mut state = 1;
    let states: HashSet<u64> = (0..1_000)
        .map(|_| {
            state = round(state);
            state
        })
        .collect();
    assert_eq!(states.len(), 1_000);
}
