//! Gateways live as long as they say so.

use std::time::Duration;

use confab_ids::UserId;
use confab_proto::presence::Gateway;
use confab_testkit::{Redis, eventually};
use fred::interfaces::KeysInterface as _;

use crate::replica::{Replica, SHORT_LEASE, all_leases_end, users};
use crate::watch::Watcher;

fn gateway(id: &str) -> Gateway {
    Gateway {
        id: id.to_owned(),
        relay_url: format!("http://{id}:8080"),
    }
}

#[tokio::test]
async fn a_renewal_answers_all_gateways_that_live() {
    let redis = Redis::fresh();
    // The lease of who falls silent ends soon, and those of the others do not, however long it takes.
    let strict = Replica::start_strict(&redis).await;
    let replica = Replica::start(&redis).await;
    assert_eq!(replica.renews("g1").await, [gateway("g1")]);
    assert_eq!(replica.renews("g2").await, [gateway("g1"), gateway("g2")]);
    replica.releases("g1").await;
    assert_eq!(replica.renews("g2").await, [gateway("g2")]);
    assert_eq!(strict.renews("g3").await, [gateway("g2"), gateway("g3")]);
    eventually("the silent gateway to be gone", async || {
        (replica.renews("g2").await == [gateway("g2")]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_silent_gateways_users_go_offline_exactly_once_with_several_replicas() {
    let redis = Redis::fresh();
    // More than are taken away in one step.
    let crowd = users(450);
    let elsewhere = crowd[7];
    let watcher = Watcher::of(&redis, &crowd).await;
    let replicas = [
        Replica::start_strict(&redis).await,
        Replica::start_strict(&redis).await,
    ];
    let _kept = replicas[0].keeps("alive");
    replicas[0].connects(elsewhere, "other", "alive").await;
    replicas[0].renews("silent").await;
    replicas[0].all_connect(&crowd, "s", "silent").await;

    for user in crowd.iter().filter(|user| **user != elsewhere) {
        watcher.hears(*user, 2).await;
    }
    // Whoever leaves now is told of after anything that would have been told twice.
    let fence = UserId::generate();
    let fence_watcher = Watcher::of(&redis, &[fence]).await;
    replicas[1].connects(fence, "s", "alive").await;
    replicas[1].disconnects(fence, "s", "alive").await;
    fence_watcher.hears(fence, 2).await;
    for user in crowd.iter().filter(|user| **user != elsewhere) {
        assert_eq!(watcher.story_of(*user), ["online", "offline"]);
    }
    assert_eq!(watcher.story_of(elsewhere), ["online"]);
    assert_eq!(replicas[1].presence_of(elsewhere).await, (true, 1));
    let left = format!("{}gateway:sockets:silent", redis.prefix);
    assert_eq!(redis.open().await.exists::<i64, _>(left).await.unwrap(), 0);
}

#[tokio::test]
async fn a_released_gateways_sockets_are_gone_at_once_and_its_users_told_after_the_debounce() {
    let redis = Redis::fresh();
    let crowd = users(450);
    let moved = crowd[3];
    let watcher = Watcher::of(&redis, &crowd).await;
    let replica = Replica::start_patient(&redis).await;
    replica.renews("leaving").await;
    replica.all_connect(&crowd, "s", "leaving").await;
    replica.releases("leaving").await;
    for presence in replica.query(&crowd).await {
        assert_eq!((presence.online, presence.connections), (true, 0));
    }
    let _kept = replica.keeps("next");
    replica.connects(moved, "s2", "next").await;

    for user in crowd.iter().filter(|user| **user != moved) {
        watcher.hears(*user, 2).await;
    }
    assert_eq!(watcher.story_of(moved), ["online"]);
    assert_eq!(replica.presence_of(moved).await, (true, 1));
    // Giving up what was given up already is no mistake.
    replica.releases("leaving").await;
    replica.releases("never-seen").await;
}

#[tokio::test]
async fn a_gateway_that_never_took_a_lease_leaves_no_ghosts() {
    let redis = Redis::fresh();
    let user = UserId::generate();
    let watcher = Watcher::of(&redis, &[user]).await;
    let replica = Replica::start_strict(&redis).await;
    replica.connects(user, "s", "hasty").await;
    watcher.hears(user, 2).await;
    assert_eq!(watcher.story_of(user), ["online", "offline"]);
    assert_eq!(replica.presence_of(user).await, (false, 0));
}

#[tokio::test]
async fn nobody_is_thrown_out_because_presence_itself_was_away() {
    let redis = Redis::fresh();
    let (user, ghost) = (UserId::generate(), UserId::generate());
    let watcher = Watcher::of(&redis, &[user, ghost]).await;
    // This one sweeps too seldom to end a lease itself, should it run out while the replica is there.
    let replica = Replica::start_with(&redis, |config| {
        config.lease_ttl = SHORT_LEASE;
        config.sweep_interval = Duration::from_secs(60);
    })
    .await;
    replica.renews("alive").await;
    replica.connects(user, "s", "alive").await;
    replica.connects(ghost, "s", "dead").await;
    watcher.hears(ghost, 1).await;
    replica.stop().await;

    // Both leases end while nobody is there to renew them.
    all_leases_end(&redis).await;

    let replica = Replica::start_strict(&redis).await;
    let _kept = replica.keeps("alive");
    watcher.hears(ghost, 2).await;
    assert_eq!(watcher.story_of(ghost), ["online", "offline"]);
    assert_eq!(watcher.story_of(user), ["online"]);
    assert_eq!(replica.presence_of(user).await, (true, 1));
}
