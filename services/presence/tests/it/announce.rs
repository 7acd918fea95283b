//! Watchers are told of edges, and of nothing else.

use std::collections::BTreeSet;

use confab_ids::UserId;
use confab_testkit::{Redis, eventually};
use fred::interfaces::{HashesInterface as _, SortedSetsInterface as _};

use crate::replica::{Replica, users};
use crate::watch::Watcher;

#[tokio::test]
async fn watchers_are_told_once_that_a_user_came_and_once_that_the_user_left() {
    let redis = Redis::fresh();
    let (user, fence) = (UserId::generate(), UserId::generate());
    let watcher = Watcher::of(&redis, &[user, fence]).await;
    let replicas = [Replica::start(&redis).await, Replica::start(&redis).await];
    for number in 0..3 {
        replicas[number % 2]
            .connects(user, &format!("s{number}"), "g")
            .await;
    }
    for number in 0..3 {
        replicas[number % 2]
            .disconnects(user, &format!("s{number}"), "g")
            .await;
    }

    let told = watcher.hears(user, 2).await;
    assert!(told[0].online && told[0].last_seen_at_ms == 0, "{told:?}");
    assert!(
        !told[1].online && told[1].last_seen_at_ms == told[1].version / 1_000,
        "{told:?}"
    );
    assert!(told[0].version < told[1].version, "{told:?}");
    assert_eq!(replicas[0].presence_of(user).await, (false, 0));

    // Had it been told twice, then before somebody who left later.
    replicas[0].connects(fence, "s", "g").await;
    replicas[0].disconnects(fence, "s", "g").await;
    watcher.hears(fence, 2).await;
    assert_eq!(watcher.story_of(user), ["online", "offline"]);
}

#[tokio::test]
async fn a_page_refresh_is_not_an_absence() {
    let redis = Redis::fresh();
    let (user, fence) = (UserId::generate(), UserId::generate());
    let watcher = Watcher::of(&redis, &[user, fence]).await;
    let replica = Replica::start_patient(&redis).await;

    replica.connects(user, "page-0", "g").await;
    watcher.hears(user, 1).await;
    for number in 0..5 {
        assert!(
            replica
                .disconnects(user, &format!("page-{number}"), "g")
                .await
        );
        assert_eq!(replica.presence_of(user).await, (true, 0));
        assert!(
            replica
                .connects(user, &format!("page-{}", number + 1), "g")
                .await
        );
        assert_eq!(replica.presence_of(user).await, (true, 1));
    }

    // Whoever leaves later is told of later: by then the user's absence would have been told.
    replica.connects(fence, "s", "g").await;
    replica.disconnects(fence, "s", "g").await;
    watcher.hears(fence, 2).await;
    assert_eq!(watcher.story_of(user), ["online"]);
    assert_eq!(replica.presence_of(user).await, (true, 1));
}

#[tokio::test]
async fn a_user_who_comes_back_after_it_was_told_is_told_of_again() {
    let redis = Redis::fresh();
    let user = UserId::generate();
    let watcher = Watcher::of(&redis, &[user]).await;
    let replica = Replica::start(&redis).await;
    for round in 1..=3 {
        replica.connects(user, "s", "g").await;
        watcher.hears(user, 2 * round - 1).await;
        replica.disconnects(user, "s", "g").await;
        watcher.hears(user, 2 * round).await;
    }
    assert_eq!(watcher.story_of(user), ["online", "offline"].repeat(3));
    let versions: Vec<i64> = watcher
        .about(user)
        .iter()
        .map(|told| told.version)
        .collect();
    assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
}

#[tokio::test]
async fn many_who_leave_at_once_are_told_of_once_each_by_several_replicas() {
    let redis = Redis::fresh();
    let crowd = users(500);
    let watcher = Watcher::of(&redis, &crowd).await;
    let replicas = [
        Replica::start(&redis).await,
        Replica::start(&redis).await,
        Replica::start(&redis).await,
    ];
    replicas[0].all_connect(&crowd, "s", "g").await;
    replicas[1].all_disconnect(&crowd, "s", "g").await;
    for user in &crowd {
        watcher.hears(*user, 2).await;
    }
    let fence = UserId::generate();
    let fence_watcher = Watcher::of(&redis, &[fence]).await;
    replicas[0].connects(fence, "s", "g").await;
    replicas[0].disconnects(fence, "s", "g").await;
    fence_watcher.hears(fence, 2).await;
    for user in &crowd {
        assert_eq!(watcher.story_of(*user), ["online", "offline"]);
    }
    // Nothing is left to be told.
    let store = redis.open().await;
    eventually("all edges to be confirmed", async || {
        let due: i64 = store
            .zcard(format!("{}presence:departed", redis.prefix))
            .await
            .unwrap();
        let edges: i64 = store
            .hlen(format!("{}presence:edges", redis.prefix))
            .await
            .unwrap();
        (due == 0 && edges == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_a_dead_replica_claimed_is_told_by_another_with_the_same_version() {
    let redis = Redis::fresh();
    let (came, left, back) = (UserId::generate(), UserId::generate(), UserId::generate());
    let watcher = Watcher::of(&redis, &[came, left, back]).await;
    // What is in Redis after a replica has claimed edges and died before it told anybody.
    let store = redis.open().await;
    let edges = format!("{}presence:edges", redis.prefix);
    let due = format!("{}presence:departed", redis.prefix);
    for (user, edge) in [
        (came, "arrived 1001"),
        (left, "gone 2002"),
        (back, "gone 3003"),
    ] {
        let () = store.hset(&edges, (user.to_string(), edge)).await.unwrap();
        let due_at = if user == back {
            f64::from(u32::MAX) * 1_000.0
        } else {
            1.0
        };
        let () = store
            .zadd(&due, None, None, false, false, (due_at, user.to_string()))
            .await
            .unwrap();
    }

    let replica = Replica::start(&redis).await;
    let versions = |user| {
        watcher
            .about(user)
            .iter()
            .map(|told| told.version)
            .collect::<BTreeSet<_>>()
    };
    watcher.hears(came, 1).await;
    watcher.hears(left, 1).await;
    assert_eq!(
        (watcher.story_of(came), versions(came)),
        (vec!["online"], [1_001].into())
    );
    assert_eq!(
        (watcher.story_of(left), versions(left)),
        (vec!["offline"], [2_002].into())
    );

    // Somebody may have heard that this one left, so the return must be told.
    assert_eq!(replica.presence_of(back).await, (false, 0));
    replica.connects(back, "s", "g").await;
    assert!(watcher.hears(back, 1).await[0].version > 3_003);
    assert_eq!(watcher.story_of(back), ["online"]);
}
