//! The first and the last socket are known exactly.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use confab_ids::UserId;
use confab_testkit::Redis;
use fred::interfaces::{KeysInterface as _, SetsInterface as _};
use tokio::task::JoinSet;

use crate::replica::Replica;

const ORDERS: [[usize; 3]; 6] = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
];
const SOCKETS: [(&str, &str); 3] = [("s0", "g0"), ("s1", "g1"), ("s2", "g1")];

#[tokio::test]
async fn of_three_sockets_the_first_and_the_last_are_edges_in_any_order() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    for coming in ORDERS {
        for going in ORDERS {
            let user = UserId::generate();
            for (nth, (socket, gateway)) in coming.map(|at| SOCKETS[at]).into_iter().enumerate() {
                assert_eq!(replica.connects(user, socket, gateway).await, nth == 0);
                assert_eq!(
                    replica.presence_of(user).await,
                    (true, i32::try_from(nth + 1).unwrap())
                );
            }
            for (nth, (socket, gateway)) in going.map(|at| SOCKETS[at]).into_iter().enumerate() {
                assert_eq!(replica.disconnects(user, socket, gateway).await, nth == 2);
            }
        }
    }
}

#[tokio::test]
async fn of_fifty_sockets_at_once_one_is_the_first_and_one_is_the_last() {
    let redis = Redis::fresh();
    let replicas = Arc::new([Replica::start(&redis).await, Replica::start(&redis).await]);
    let user = UserId::generate();

    let mut connects = JoinSet::new();
    for number in 0..50 {
        let replicas = replicas.clone();
        connects.spawn(async move {
            replicas[number % 2]
                .connects(user, &format!("s{number}"), "g")
                .await
        });
    }
    assert_eq!(
        connects
            .join_all()
            .await
            .iter()
            .filter(|first| **first)
            .count(),
        1
    );
    assert_eq!(replicas[0].presence_of(user).await, (true, 50));

    let mut disconnects = JoinSet::new();
    for number in 0..50 {
        let replicas = replicas.clone();
        disconnects.spawn(async move {
            replicas[number % 2]
                .disconnects(user, &format!("s{number}"), "g")
                .await
        });
    }
    assert_eq!(
        disconnects
            .join_all()
            .await
            .iter()
            .filter(|last| **last)
            .count(),
        1
    );
    assert_eq!(replicas[1].presence_of(user).await.1, 0);
}

#[tokio::test]
async fn sockets_that_come_and_go_at_once_end_with_as_many_arrivals_as_departures() {
    let redis = Redis::fresh();
    let replicas = Arc::new([Replica::start(&redis).await, Replica::start(&redis).await]);
    let user = UserId::generate();
    let balance = Arc::new(AtomicI64::new(0));

    let mut sockets = JoinSet::new();
    for number in 0..50 {
        let (replicas, balance) = (replicas.clone(), balance.clone());
        sockets.spawn(async move {
            let socket = format!("s{number}");
            if replicas[number % 2].connects(user, &socket, "g").await {
                balance.fetch_add(1, Ordering::SeqCst);
            }
            if replicas[(number + 1) % 2]
                .disconnects(user, &socket, "g")
                .await
            {
                balance.fetch_sub(1, Ordering::SeqCst);
            }
        });
    }
    sockets.join_all().await;
    assert_eq!(balance.load(Ordering::SeqCst), 0);
    assert_eq!(replicas[0].presence_of(user).await.1, 0);
}

#[tokio::test]
async fn repeating_changes_nothing() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    let user = UserId::generate();

    assert!(!replica.disconnects(user, "s", "g").await);
    assert!(replica.connects(user, "s", "g").await);
    assert!(!replica.connects(user, "s", "g").await);
    assert_eq!(replica.presence_of(user).await, (true, 1));
    assert!(replica.disconnects(user, "s", "g").await);
    assert!(!replica.disconnects(user, "s", "g").await);
    assert_eq!(replica.presence_of(user).await.1, 0);
}

#[tokio::test]
async fn the_sets_in_redis_are_the_ones_that_the_design_names() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    let store = redis.open().await;
    let (online, user) = (format!("{}user:online", redis.prefix), UserId::generate());
    let sockets = format!("{}user:sockets:{user}", redis.prefix);

    replica.connects(user, "s1", "g").await;
    replica.connects(user, "s2", "g").await;
    let mut members: Vec<String> = store.smembers(&sockets).await.unwrap();
    members.sort();
    assert_eq!(members, ["s1", "s2"]);
    assert_eq!(
        store.smembers::<Vec<String>, _>(&online).await.unwrap(),
        [user.to_string()]
    );

    replica.disconnects(user, "s1", "g").await;
    replica.disconnects(user, "s2", "g").await;
    assert_eq!(
        store.exists::<i64, _>(vec![online, sockets]).await.unwrap(),
        0
    );
}
