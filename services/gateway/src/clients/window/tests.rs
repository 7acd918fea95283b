use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::{GOOD_TIME, LEAST, MOST, Window};

/// A service that does so many calls a second, one after the other, asked by so many at a time for `time`.
/// Answers the longest time that a call took in the second half, and how many were done in it, a second.
fn saturate(window: &Window, per_second: u32, asking: usize, time: Duration) -> (Duration, f64) {
    let (start, each) = (Instant::now(), Duration::from_secs(1) / per_second);
    let (mut now, mut queue) = (start, VecDeque::new());
    let (mut longest, mut done) = (Duration::ZERO, 0.0);
    while now < start + time {
        while queue.len() < asking
            && let Ok(turn) = window.enter(now)
        {
            queue.push_back((turn, now));
        }
        now += each;
        let (turn, since) = queue.pop_front().expect("a window is never empty");
        turn.end(true, now);
        if now > start + time / 2 {
            longest = longest.max(now - since);
            done += 1.0;
        }
    }
    (longest, done / (time / 2).as_secs_f64())
}

#[test]
fn what_is_accepted_is_answered_in_good_time_however_many_ask() {
    let window = Window::new();
    let (longest, done) = saturate(&window, 1_000, 10_000, Duration::from_secs(60));
    assert!(longest < GOOD_TIME * 2, "one took {longest:?}");
    assert!(done > 990.0, "{done} a second of 1000 that it can do");
}

#[test]
fn a_service_that_becomes_faster_is_asked_for_more() {
    let window = Window::new();
    saturate(&window, 50, 2_000, Duration::from_secs(60));
    let slow = window.most();
    saturate(&window, 2_000, 2_000, Duration::from_secs(60));
    assert!(slow < 60.0, "{slow} for 50 a second");
    assert!(
        window.most() > 1_500.0,
        "{} for 2000 a second",
        window.most()
    );
}

#[test]
fn a_service_that_stands_still_is_asked_little_and_one_that_is_at_leisure_is_never_refused() {
    let (window, start) = (Window::new(), Instant::now());
    for second in 0..100 {
        let now = start + Duration::from_secs(second);
        window.enter(now).expect("room").end(false, now + GOOD_TIME);
    }
    assert!(window.most() <= LEAST, "{}", window.most());
    let all: Vec<_> = (0..100).map_while(|_| window.enter(start).ok()).collect();
    assert_eq!(all.len(), LEAST as usize);
    let refusal = window.enter(start).err().expect("it is full");
    assert!(refusal.wait().is_some());
    drop(all);
    for _ in 0..10_000 {
        window.enter(start).expect("room").end(true, start);
    }
    assert!(window.most() <= LEAST + 1.0, "nothing was learnt");
}

#[test]
fn what_was_late_together_counts_once_and_no_window_is_endless() {
    let (window, now) = (Window::new(), Instant::now());
    let before = window.most();
    let late: Vec<_> = (0..100).map(|_| window.enter(now).expect("room")).collect();
    late.into_iter()
        .for_each(|turn| turn.end(true, now + GOOD_TIME * 2));
    assert!((window.most() - before * 0.9).abs() < 0.001);
    saturate(&window, 1_000_000, 100_000, Duration::from_secs(20));
    assert!(window.most() <= MOST, "{}", window.most());
}
