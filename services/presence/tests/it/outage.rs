//! Redis goes and comes back.

use std::time::Duration;

use confab_fault::{Fault, Kind};
use confab_ids::UserId;
use confab_proto::presence::{ConnectRequest, Presence, QueryRequest};
use confab_testkit::{Redis, eventually_within};
use fred::interfaces::LuaInterface as _;
use futures_util::future::join_all;

use crate::replica::{Replica, all_leases_end, users};
use crate::watch::Watcher;
use crate::wire::Wire;

const PATIENCE: Duration = Duration::from_secs(30);

async fn presence_of(replica: &Replica, user: UserId) -> Result<Presence, Fault> {
    let request = QueryRequest {
        user_ids: vec![user.to_string()],
    };
    let answer = replica.client.clone().query(request).await?;
    Ok(answer.into_inner().presences.remove(0))
}

async fn assert_unknown(replica: &Replica, user: UserId) {
    let fault = presence_of(replica, user).await.unwrap_err();
    assert_eq!(
        (fault.kind(), fault.reason()),
        (Kind::Unavailable, "PRESENCE_UNKNOWN")
    );
    let connect = ConnectRequest {
        user_id: user.to_string(),
        connection_id: "s2".to_owned(),
        gateway_id: "g".to_owned(),
    };
    let fault = Fault::from(replica.client.clone().connect(connect).await.unwrap_err());
    assert_eq!(fault.kind(), Kind::Unavailable);
}

#[tokio::test]
async fn without_redis_a_user_is_unknown_and_not_offline() {
    let redis = Redis::fresh();
    let wire = Wire::to(&redis).await;
    let replica = Replica::start(&wire.redis).await;
    let user = UserId::generate();
    replica.connects(user, "s", "g").await;

    wire.cut();
    assert_unknown(&replica, user).await;
    wire.mend();
    let known = eventually_within(PATIENCE, "presence to know again", async || {
        presence_of(&replica, user).await.ok()
    });
    assert_eq!(
        known.await,
        Presence {
            user_id: user.to_string(),
            online: true,
            connections: 1
        }
    );
}

#[tokio::test]
async fn a_redis_that_has_fallen_silent_is_given_up_and_connected_to_anew() {
    let redis = Redis::fresh();
    let wire = Wire::to(&redis).await;
    let replica = Replica::start(&wire.redis).await;
    let user = UserId::generate();

    wire.stall();
    assert_unknown(&replica, user).await;
    // More than any buffer on the way holds: the connections get stuck in the middle of a write.
    let many: Vec<String> = users(1_000).iter().map(UserId::to_string).collect();
    let refusals = join_all((0..600).map(async |_| {
        let request = QueryRequest {
            user_ids: many.clone(),
        };
        Fault::from(replica.client.clone().query(request).await.unwrap_err())
    }));
    for fault in refusals.await {
        assert_eq!(fault.kind(), Kind::Unavailable, "{fault}");
    }

    // The connections that were stalled stay so for ever; only new ones get through.
    wire.mend();
    eventually_within(PATIENCE, "presence to know again", async || {
        presence_of(&replica, user).await.ok()
    })
    .await;
    assert!(replica.connects(user, "s", "g").await);
}

#[tokio::test]
async fn an_outage_of_redis_longer_than_a_lease_throws_nobody_out() {
    let redis = Redis::fresh();
    let wire = Wire::to(&redis).await;
    let (user, ghost, leaver) = (UserId::generate(), UserId::generate(), UserId::generate());
    let watcher = Watcher::of(&redis, &[user, ghost, leaver]).await;
    let replica = Replica::start_strict(&wire.redis).await;
    let _kept = replica.keeps("g");
    replica.connects(user, "s", "g").await;
    replica.connects(ghost, "s", "dead").await;
    replica.connects(leaver, "s", "g").await;
    replica.disconnects(leaver, "s", "g").await;

    wire.cut();
    all_leases_end(&redis).await;
    wire.mend();

    // What was to be told is told now, and the dead are found; the living stay.
    watcher.hears(leaver, 2).await;
    watcher.hears(ghost, 2).await;
    assert_eq!(watcher.story_of(user), ["online"]);
    assert_eq!(replica.presence_of(user).await, (true, 1));
}

#[tokio::test]
async fn a_redis_that_has_forgotten_our_scripts_is_told_them_again() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    let user = UserId::generate();
    assert!(replica.connects(user, "s1", "g").await);
    let () = redis.open().await.script_flush(false).await.unwrap();
    assert!(!replica.connects(user, "s2", "g").await);
    assert_eq!(replica.presence_of(user).await, (true, 2));
}

#[tokio::test]
async fn a_replica_stops_even_while_redis_is_away() {
    let redis = Redis::fresh();
    for away in [Wire::cut, Wire::stall] {
        let wire = Wire::to(&redis).await;
        let replica = Replica::start(&wire.redis).await;
        away(&wire);
        assert_unknown(&replica, UserId::generate()).await;
        tokio::time::timeout(PATIENCE, replica.stop())
            .await
            .unwrap();
    }
}
