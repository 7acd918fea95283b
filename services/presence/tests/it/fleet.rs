//! On a Redis Cluster, whose master may die: presence is known again when it is replaced.

use std::time::Duration;

use confab_ids::UserId;
use confab_testkit::{Redis, RedisCluster, eventually_within};

use crate::replica::Replica;

#[tokio::test]
async fn on_a_cluster_sockets_are_counted_also_after_a_master_died() {
    let mut cluster = RedisCluster::start().await;
    // A hash tag whose slot the first master has: the one that dies.
    let mut number = 0;
    let prefix = loop {
        let prefix = format!("{{test{number}}}:");
        if cluster.master_of(&prefix).await == 0 {
            break prefix;
        }
        number += 1;
    };
    let redis = Redis {
        url: cluster.url.clone(),
        prefix,
    };
    let replica = Replica::start(&redis).await;
    let user = UserId::generate();
    assert!(replica.connects(user, "s0", "g").await);
    assert!(!replica.connects(user, "s1", "g").await);
    assert_eq!(replica.presence_of(user).await, (true, 2));

    cluster.kill_first_master().await;

    let back = Duration::from_secs(30);
    eventually_within(back, "presence to be known again", async || {
        replica.answers().await.then_some(())
    })
    .await;
    assert_eq!(replica.presence_of(user).await, (true, 2));
    assert!(!replica.disconnects(user, "s0", "g").await);
    assert!(replica.disconnects(user, "s1", "g").await);
    replica.stop().await;
}
