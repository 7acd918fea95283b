use super::{Local, MOST};
use crate::{Charge, Quota};

fn quota(text: &str) -> Quota {
    text.parse().unwrap()
}

#[test]
fn a_replica_gives_out_its_share_and_at_least_one() {
    let (local, charge) = (Local::new(), [Charge::one("b", quota("10/5s"))]);
    let given = |subject: &str, replicas| {
        (0..20)
            .filter(|_| local.charge_at(0, subject, &charge, replicas).allowed)
            .count()
    };
    assert_eq!(
        (given("one", 1), given("two", 2), given("many", 50)),
        (10, 5, 1)
    );
}

#[test]
fn what_was_given_back_entirely_is_full_again() {
    let (local, quota) = (Local::new(), quota("1/1h"));
    assert!(
        local
            .charge_at(0, "s", &[Charge::one("b", quota)], 1)
            .allowed
    );
    assert!(
        !local
            .charge_at(0, "s", &[Charge::one("b", quota)], 1)
            .allowed
    );
    assert!(
        local
            .charge_at(0, "s", &[Charge::refund("b", quota)], 1)
            .allowed
    );
    assert!(
        local
            .charge_at(0, "s", &[Charge::one("b", quota)], 1)
            .allowed
    );
}

#[test]
fn however_many_subjects_there_are_the_map_is_bounded_and_full_budgets_go_first() {
    let (local, slow, quick) = (Local::new(), quota("1/1h"), quota("1/1ms"));
    local.charge_at(0, "kept", &[Charge::one("b", slow)], 1);
    for number in 0..MOST + 10 {
        local.charge_at(
            number as i64,
            &number.to_string(),
            &[Charge::one("b", quick)],
            1,
        );
    }
    assert!(local.budgets.lock().len() <= MOST);
    let kept = local.charge_at(MOST as i64, "kept", &[Charge::one("b", slow)], 1);
    assert!(!kept.allowed, "a budget in use was forgotten for full ones");
    for number in 0..MOST + 10 {
        local.charge_at(0, &format!("slow {number}"), &[Charge::one("b", slow)], 1);
    }
    let count = local.budgets.lock().len();
    assert!((MOST / 2..=MOST).contains(&count), "{count} are kept");
}
