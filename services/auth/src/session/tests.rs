use std::time::{Duration, SystemTime};

use confab_ids::{SessionId, UserId};

use super::{Device, Session, Worth};
use crate::refresh_token::{Family, RefreshToken};

const GRACE: Duration = Duration::from_secs(10);

fn session(now: SystemTime) -> (Session, RefreshToken) {
    let ttl = Duration::from_secs(3_600);
    Session::new(UserId::generate(), Device::default(), now, ttl)
}

#[test]
fn a_token_that_was_spent_a_moment_ago_leads_to_the_newest_one_however_many_steps_on() {
    let now = SystemTime::now();
    let (mut session, first) = session(now);
    assert_eq!(session.weigh(&first, now, GRACE), Worth::Good);
    let second = session.spend(&first, now, GRACE);
    let soon = now + GRACE / 2;
    assert_eq!(
        session.weigh(&first, soon, GRACE),
        Worth::Newest(second.clone())
    );
    let third = session.spend(&second, soon, GRACE);
    for spent in [&first, &second] {
        assert_eq!(
            session.weigh(spent, soon, GRACE),
            Worth::Newest(third.clone())
        );
    }
    assert_eq!(session.weigh(&third, soon, GRACE), Worth::Good);
}

#[test]
fn a_token_that_was_spent_before_the_grace_is_a_reuse_even_when_it_is_forgotten() {
    let now = SystemTime::now();
    let (mut session, first) = session(now);
    let second = session.spend(&first, now, GRACE);
    assert_eq!(session.weigh(&first, now + GRACE, GRACE), Worth::Reused);
    session.spend(&second, now + 2 * GRACE, GRACE);
    assert_eq!(session.spent.len(), 1);
    assert_eq!(session.weigh(&first, now + 2 * GRACE, GRACE), Worth::Reused);
}

#[test]
fn without_a_grace_every_second_use_is_a_reuse() {
    let now = SystemTime::now();
    let (mut session, first) = session(now);
    session.spend(&first, now, Duration::ZERO);
    assert_eq!(session.weigh(&first, now, Duration::ZERO), Worth::Reused);
}

#[test]
fn what_is_remembered_of_spent_tokens_is_bounded() {
    let now = SystemTime::now();
    let (mut session, first) = session(now);
    let mut token = first.clone();
    for _ in 0..100 {
        token = session.spend(&token, now, GRACE);
    }
    assert_eq!(session.spent.len(), super::SPENT);
    assert_eq!(session.weigh(&first, now, GRACE), Worth::Reused);
    assert_eq!(session.weigh(&token, now, GRACE), Worth::Good);
}

#[test]
fn a_guess_and_another_sessions_token_are_worth_nothing() {
    let now = SystemTime::now();
    let (session, _) = session(now);
    for family in [Family::generate(), Family::generate()] {
        let foreign = RefreshToken::first(session.id, &family);
        assert_eq!(session.weigh(&foreign, now, GRACE), Worth::Foreign);
    }
    let other = RefreshToken::first(SessionId::generate(), &Family::generate());
    assert_eq!(session.weigh(&other, now, GRACE), Worth::Foreign);
}

#[test]
fn what_a_device_says_of_itself_is_cut_to_a_bounded_length() {
    let device = Device::new(&"ü".repeat(10_000), &"1".repeat(10_000));
    assert_eq!(device.user_agent.chars().count(), 256);
    assert_eq!(device.address.len(), 64);
}
