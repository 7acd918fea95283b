//! Against a real Redis: budgets are shared, kept whole, agree with the arithmetic, and are never without
//! a limit while Redis is away.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::time::{Duration, Instant};

use confab_limit::gcra::{self, Standing};
use confab_limit::{Charge, Limiter, Quota, Verdict};
use confab_testkit::{Proxy, Redis, RedisCluster, eventually, eventually_within};
use fred::interfaces::{KeysInterface as _, LuaInterface as _};
use rand::seq::IndexedRandom as _;

/// The tests run side by side on few cores: only while Redis is away may this be missed.
const DEADLINE: Duration = Duration::from_secs(1);
/// Long enough for a machine under load; a test that passes never waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

fn quota(text: &str) -> Quota {
    text.parse().unwrap()
}

async fn limiter(redis: &Redis) -> Limiter {
    Limiter::connect(&redis.url, &redis.prefix, DEADLINE)
        .await
        .unwrap()
}

/// Charges until Redis answers in time, which on a machine under load may not be at once.
async fn charge_shared(limiter: &Limiter, subject: &str, charges: &[Charge<'_>]) -> Verdict {
    eventually_within(PATIENCE, "redis to answer in time", async || {
        let verdict = limiter.charge(subject, charges).await;
        (!verdict.local).then_some(verdict)
    })
    .await
}

#[tokio::test]
async fn two_replicas_share_a_budget_and_charge_it_exactly() {
    let redis = Redis::fresh();
    let replicas = [limiter(&redis).await, limiter(&redis).await];
    let charge = [Charge::one("messages", quota("50/1h"))];
    let all = (0..200).map(|turn: usize| {
        let replica = replicas[turn % 2].clone();
        tokio::spawn(async move { replica.charge("u:1", &charge).await })
    });
    let mut given = 0;
    for verdict in all.collect::<Vec<_>>() {
        let verdict = verdict.await.unwrap();
        assert!(!verdict.local);
        given += usize::from(verdict.allowed);
    }
    assert_eq!(given, 50);
    let (_, refused) = replicas[0].charge("u:1", &charge).await.refused().unwrap();
    let wait = refused.retry_after.unwrap();
    assert!(
        wait > Duration::from_secs(60) && wait <= Duration::from_secs(72),
        "{wait:?}"
    );
    assert!(
        replicas[1].charge("u:2", &charge).await.allowed,
        "another subject"
    );
}

#[tokio::test]
async fn if_one_budget_is_exhausted_none_is_charged() {
    let redis = Redis::fresh();
    let limiter = limiter(&redis).await;
    let (wide, narrow) = (
        Charge::one("all", quota("5/1h")),
        Charge::one("few", quota("1/1h")),
    );
    assert!(limiter.charge("u", &[wide, narrow]).await.allowed);
    for _ in 0..3 {
        let verdict = limiter.charge("u", &[wide, narrow]).await;
        assert_eq!(verdict.refused().unwrap().0, 1, "the narrow one refuses");
        assert_eq!(verdict.standings[0].remaining, 4);
    }
}

#[tokio::test]
async fn redis_and_the_arithmetic_agree_on_random_histories() {
    let redis = Redis::fresh();
    let limiter = limiter(&redis).await;
    // Short periods, so that budgets fill while the test runs.
    let quotas = ["1/1ms", "3/2ms", "5/17ms", "2/100ms", "7/1500ms", "40/1h"].map(quota);
    let mut model: HashMap<(usize, usize), i64> = HashMap::new();
    let mut outcomes = [0; 2];
    for _ in 0..4_000 {
        let subject = rand::random_range(0..3);
        let budgets: Vec<usize> = (0..quotas.len())
            .filter(|_| rand::random_bool(0.4))
            .collect();
        if budgets.is_empty() {
            continue;
        }
        let names = ["a", "b", "c", "d", "e", "f"];
        let charges: Vec<_> = budgets
            .iter()
            .map(|&budget| Charge {
                budget: names[budget],
                quota: quotas[budget],
                cost: *[-1, 0, 1, 1, 1, 2].choose(&mut rand::rng()).unwrap(),
            })
            .collect();
        let verdict = limiter.charge(&format!("s{subject}"), &charges).await;
        assert!(!verdict.local, "redis took too long");
        let known = budgets
            .iter()
            .map(|budget| model.get(&(subject, *budget)).copied());
        let mut tats: Vec<_> = known.map(Option::unwrap_or_default).collect();
        let allowed = gcra::decide(verdict.at, &mut tats, &charges);
        let expected: Vec<_> = tats
            .iter()
            .zip(&charges)
            .map(|(tat, charge)| Standing::of(verdict.at, *tat, charge, allowed))
            .collect();
        assert_eq!(
            (verdict.allowed, &verdict.standings),
            (allowed, &expected),
            "{charges:?}"
        );
        if allowed {
            model.extend(budgets.iter().map(|budget| (subject, *budget)).zip(tats));
        }
        outcomes[usize::from(allowed)] += 1;
    }
    assert!(
        outcomes.iter().all(|count| *count > 300),
        "{outcomes:?} is no test"
    );
}

#[tokio::test]
async fn keys_expire_when_their_budgets_are_full_and_lie_in_one_slot_for_a_subject() {
    let redis = Redis::fresh();
    let limiter = limiter(&redis).await;
    let charges = [
        Charge::one("slow", quota("10/1h")),
        Charge::one("quick", quota("10/200ms")),
    ];
    limiter.charge("u:7", &charges).await;
    let client = redis.open().await;
    let key = |budget: &str| format!("{}limit:{{u:7}}:{budget}", redis.prefix);
    let left: i64 = client.pttl(key("slow")).await.unwrap();
    assert!((300_000..=360_000).contains(&left), "{left} ms");
    eventually("the quick one to be gone", async || {
        let count: i64 = client.exists(key("quick")).await.unwrap();
        (count == 0).then_some(())
    })
    .await;
    limiter
        .charge("u:7", &[Charge::refund("slow", quota("10/1h"))])
        .await;
    let count: i64 = client.exists(key("slow")).await.unwrap();
    assert_eq!(count, 0, "a full budget needs no key");
}

#[tokio::test]
async fn a_redis_that_has_forgotten_the_script_is_told_it_again() {
    let redis = Redis::fresh();
    let limiter = limiter(&redis).await;
    let charge = [Charge::one("b", quota("2/1h"))];
    assert!(limiter.charge("u", &charge).await.allowed);
    let _: () = redis.open().await.script_flush(false).await.unwrap();
    let verdict = limiter.charge("u", &charge).await;
    assert!(verdict.allowed && !verdict.local);
    assert!(!limiter.charge("u", &charge).await.allowed);
}

#[tokio::test]
async fn while_redis_is_cut_off_each_replica_gives_its_share_without_waiting_and_comes_back_by_itself()
 {
    let redis = Redis::fresh();
    let proxy = Proxy::to(redis.url.trim_start_matches("redis://")).await;
    let limiter = Limiter::connect(
        &format!("redis://{}", proxy.address),
        &redis.prefix,
        DEADLINE,
    )
    .await
    .unwrap();
    limiter.shared_by(2);
    let charge = [Charge::one("messages", quota("10/1h"))];
    let look = [Charge::look("messages", quota("10/1h"))];
    charge_shared(&limiter, "u", &charge).await;
    // Falling silent is the worst of it: nobody says that the connection is gone.
    for (round, cut) in [Proxy::cut, Proxy::silence].into_iter().enumerate() {
        cut(&proxy);
        let begun = Instant::now();
        let mut given = 0;
        for _ in 0..30 {
            let verdict = limiter.charge("u", &charge).await;
            given += usize::from(verdict.local && verdict.allowed);
        }
        assert_eq!(given, 5, "one of two replicas, in round {round}");
        let taken = begun.elapsed();
        // Were each to wait, it would be three times as long.
        assert!(taken < DEADLINE * 10, "thirty charges took {taken:?}");
        assert!(limiter.is_local());
        proxy.mend();
        // A connection that has fallen silent is not given up before six seconds.
        eventually_within(PATIENCE, "redis is asked again", async || {
            (!limiter.is_local()).then_some(())
        })
        .await;
        let verdict = charge_shared(&limiter, "u", &look).await;
        // What was counted before is still counted.
        assert!(verdict.standings[0].remaining < 10);
    }
}

#[tokio::test]
async fn on_a_cluster_subjects_spread_over_the_masters_and_one_that_dies_is_bridged() {
    let mut cluster = RedisCluster::start().await;
    let limiter = Limiter::connect(&cluster.url, "", DEADLINE).await.unwrap();
    let charges = [
        Charge::one("a", quota("2/1h")),
        Charge::one("b", quota("9/1h")),
    ];
    let look = [Charge::look("a", quota("2/1h"))];
    // Under load one answer may come too late; then it begins anew, with others.
    let mut round = 0;
    let subjects = eventually_within(PATIENCE, "the masters to charge them all", async || {
        round += 1;
        let subjects: Vec<_> = (0..30)
            .map(|number| format!("u:{round}:{number}"))
            .collect();
        for subject in &subjects {
            let verdict = limiter.charge(subject, &charges).await;
            assert!(verdict.allowed, "{subject}");
            if verdict.local {
                return None;
            }
        }
        Some(subjects)
    })
    .await;
    let mut masters = [0; 3];
    for subject in &subjects {
        masters[cluster.master_of(&format!("limit:{{{subject}}}:a")).await] += 1;
    }
    assert!(masters.iter().all(|count| *count > 0), "{masters:?}");

    // While the replica has not taken over yet: afterwards all may be shared again at once.
    let bridged = async {
        eventually_within(PATIENCE, "somebody to miss the dead master", async || {
            for subject in &subjects {
                if limiter.charge(subject, &look).await.local {
                    return Some(());
                }
            }
            None
        })
        .await;
        assert!(
            limiter.is_local(),
            "a third of the budgets cannot be reached"
        );
        for subject in &subjects {
            assert!(limiter.charge(subject, &charges).await.allowed, "{subject}");
        }
    };
    tokio::join!(cluster.kill_first_master(), bridged);
    eventually_within(PATIENCE, "all budgets to be shared again", async || {
        for subject in &subjects {
            if limiter.charge(subject, &look).await.local {
                return None;
            }
        }
        Some(())
    })
    .await;
}
