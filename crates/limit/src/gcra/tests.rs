use std::time::Duration;

use super::{Standing, decide};
use crate::{Charge, Quota};

const SECOND: i64 = 1_000_000;

fn quota(text: &str) -> Quota {
    text.parse().unwrap()
}

fn take(now: i64, tat: &mut i64, charge: Charge<'_>) -> (bool, Standing) {
    let allowed = decide(now, std::slice::from_mut(tat), &[charge]);
    (allowed, Standing::of(now, *tat, &charge, allowed))
}

#[test]
fn a_full_budget_gives_all_it_holds_at_once_and_then_one_in_each_interval() {
    let charge = Charge::one("b", quota("10/5s"));
    let (mut tat, now) = (0, 1_000 * SECOND);
    for left in (0..10).rev() {
        let (allowed, standing) = take(now, &mut tat, charge);
        assert!(allowed);
        assert_eq!((standing.remaining, standing.retry_after), (left, None));
    }
    let (allowed, standing) = take(now, &mut tat, charge);
    assert!(!allowed);
    assert_eq!(standing.retry_after, Some(Duration::from_millis(500)));
    assert_eq!(
        (standing.remaining, standing.reset),
        (0, Duration::from_secs(5))
    );
    // A microsecond early is too early, and costs nothing.
    assert!(!take(now + SECOND / 2 - 1, &mut tat, charge).0);
    assert!(take(now + SECOND / 2, &mut tat, charge).0);
    assert!(!take(now + SECOND / 2, &mut tat, charge).0);
}

#[test]
fn waiting_as_long_as_was_said_is_long_enough_whatever_the_quota() {
    for text in [
        "1/1ms",
        "3/1s",
        "7/1500ms",
        "1000/10s",
        "1/30d",
        "999999/1s",
    ] {
        let charge = Charge::one("b", quota(text));
        let (mut tat, mut now) = (0, 77 * SECOND);
        for _ in 0..3 {
            while take(now, &mut tat, charge).0 {}
            let wait = take(now, &mut tat, charge).1.retry_after.unwrap();
            now += i64::try_from(wait.as_micros()).unwrap();
            assert!(take(now, &mut tat, charge).0, "{text} after {wait:?}");
        }
    }
}

#[test]
fn of_several_budgets_all_are_charged_or_none() {
    let charges = [
        Charge::one("wide", quota("5/1s")),
        Charge::one("narrow", quota("1/1s")),
    ];
    let mut tats = [0, 0];
    assert!(decide(SECOND, &mut tats, &charges));
    let before = tats;
    assert!(!decide(SECOND, &mut tats, &charges));
    assert_eq!(tats, before, "the wide one was charged for nothing");
    let wide = Standing::of(SECOND, tats[0], &charges[0], false);
    let narrow = Standing::of(SECOND, tats[1], &charges[1], false);
    assert_eq!((wide.remaining, wide.retry_after), (4, None));
    assert_eq!(narrow.retry_after, Some(Duration::from_secs(1)));
}

#[test]
fn what_is_given_back_can_be_taken_again_and_never_makes_more_than_there_was() {
    let quota = quota("2/1s");
    let mut tat = 0;
    assert!(take(0, &mut tat, Charge::one("b", quota)).0);
    assert!(take(0, &mut tat, Charge::one("b", quota)).0);
    for _ in 0..5 {
        assert!(take(0, &mut tat, Charge::refund("b", quota)).0);
    }
    assert!(take(0, &mut tat, Charge::one("b", quota)).0);
    assert!(take(0, &mut tat, Charge::one("b", quota)).0);
    assert!(!take(0, &mut tat, Charge::one("b", quota)).0);
}

#[test]
fn looking_costs_nothing_and_is_never_refused() {
    let quota = quota("1/1s");
    let mut tat = 0;
    assert_eq!(take(0, &mut tat, Charge::look("b", quota)).1.remaining, 1);
    assert!(take(0, &mut tat, Charge::one("b", quota)).0);
    let (allowed, standing) = take(0, &mut tat, Charge::look("b", quota));
    assert!(allowed);
    assert_eq!((standing.remaining, standing.retry_after), (0, None));
}

#[test]
fn a_clock_that_went_back_or_a_smaller_quota_locks_nobody_out_for_longer_than_the_period() {
    let charge = Charge::one("b", quota("10/5s"));
    let mut tat = 1_000_000 * SECOND;
    let (allowed, standing) = take(0, &mut tat, charge);
    assert!(!allowed);
    assert_eq!(standing.retry_after, Some(Duration::from_millis(500)));
}
