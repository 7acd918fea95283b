use std::time::Duration;

use confab_fault::Kind;
use futures_util::FutureExt as _;

use super::{Admission, AdmissionSettings};

fn admission(admission_at_once: usize, admission_waiting: usize) -> Admission {
    Admission::new(&AdmissionSettings {
        admission_at_once,
        admission_waiting,
    })
}

#[tokio::test]
async fn as_many_as_there_are_places_enter_and_the_next_waits_for_one_to_leave() {
    let admission = admission(2, 10);
    let first = admission.enter().await;
    let second = admission.enter().await;
    let mut third = Box::pin(admission.enter());
    assert!(third.as_mut().now_or_never().is_none());
    drop(first);
    drop(third.await);
    drop(second);
}

#[tokio::test]
async fn who_would_wait_behind_too_many_is_turned_away_with_a_time_to_come_again() {
    let admission = admission(1, 1);
    let inside = admission.enter().await;
    admission.knock().expect("nobody waits yet");
    let mut waiting = Box::pin(admission.enter());
    assert!(waiting.as_mut().now_or_never().is_none());

    let refusals: Vec<_> = (0..50)
        .map(|_| admission.knock().expect_err("one waits already"))
        .collect();
    assert!(refusals.iter().all(|one| one.kind() == Kind::Unavailable));
    let mut waits: Vec<_> = refusals.iter().filter_map(|one| one.wait()).collect();
    waits.sort();
    waits.dedup();
    assert!(waits.len() > 40, "they would come together: {waits:?}");
    assert!(waits[0] >= Duration::from_secs(1) && waits[waits.len() - 1] < Duration::from_secs(5));

    drop(inside);
    drop(waiting.await);
    admission.knock().expect("nobody waits any more");
}

#[tokio::test]
async fn who_has_gone_while_it_waited_is_not_counted_any_more() {
    let admission = admission(1, 1);
    let _inside = admission.enter().await;
    let mut gone = Box::pin(admission.enter());
    assert!(gone.as_mut().now_or_never().is_none());
    admission.knock().expect_err("it waits");
    drop(gone);
    admission.knock().expect("it has gone");
}
