//! Redis goes and comes back.

use std::time::Duration;

use confab_fault::{Fault, Kind};
use confab_ids::UserId;
use confab_proto::presence::{ConnectRequest, Presence, QueryRequest};
use confab_testkit::{Redis, eventually_within};
use fred::interfaces::{KeysInterface as _, LuaInterface as _};
use futures_util::future::join_all;

use crate::replica::{Replica, all_leases_end, users};
use crate::watch::Watcher;
use crate::wire::Wire;

use Known::{Nothing, Offline, Online};

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
            connections: 1,
            unknown: false
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
async fn while_one_connection_to_redis_is_silent_the_other_carries_all() {
    let redis = Redis::fresh();
    let wire = Wire::to(&redis).await;
    let replica = Replica::start(&wire.redis).await;

    // Of the two that were made one after the other. It is given up in vain: the next is silent, too.
    wire.stall_half();
    eventually_within(PATIENCE, "nobody to be refused any more", async || {
        for user in users(20) {
            presence_of(&replica, user).await.ok()?;
        }
        Some(())
    })
    .await;
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
    watcher.hears(user, 1).await;
    assert_eq!(watcher.story_of(user), ["online"]);
    assert_eq!(replica.presence_of(user).await, (true, 1));
}

/// What is known of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Online,
    Offline,
    Nothing,
}

async fn known<const N: usize>(replica: &Replica, users: [UserId; N]) -> [Known; N] {
    let presences = replica.query(&users).await;
    let known = presences
        .iter()
        .map(|presence| match (presence.unknown, presence.online) {
            (true, false) => Nothing,
            (false, true) => Online,
            (false, false) => Offline,
            (true, true) => panic!("{presence:?}"),
        });
    known.collect::<Vec<_>>().try_into().unwrap()
}

/// How many milliseconds from now, on Redis' clock, a user is to be told of.
async fn told_in(redis: &Redis, user: UserId) -> i64 {
    let due = "local t = redis.call('TIME') \
        return redis.call('ZSCORE', KEYS[1], ARGV[1]) - math.floor(t[1] * 1000 + t[2] / 1000)";
    let key = format!("{}presence:departed", redis.prefix);
    let store = redis.open().await;
    store.eval(due, key, user.to_string()).await.unwrap()
}

#[tokio::test]
async fn when_redis_has_lost_its_data_nobody_is_offline_until_the_gateways_could_tell() {
    let redis = Redis::fresh();
    let replica = Replica::start_strict(&redis).await;
    let (here, there, away) = (UserId::generate(), UserId::generate(), UserId::generate());
    let all = [here, there, away];
    let kept = [replica.keeps("g1"), replica.keeps("g2")];
    replica.connects(here, "s", "g1").await;
    replica.connects(there, "s", "g2").await;
    assert_eq!(known(&replica, all).await, [Online, Online, Offline]);

    redis.forget().await;
    assert_eq!(known(&replica, all).await, [Nothing; 3]);
    replica.connects(here, "s", "g1").await;
    assert_eq!(known(&replica, all).await, [Online, Nothing, Nothing]);
    replica.connects(there, "s", "g2").await;
    assert_eq!(known(&replica, all).await, [Online, Online, Nothing]);
    eventually_within(PATIENCE, "who is away to be offline again", async || {
        (known(&replica, all).await == [Online, Online, Offline]).then_some(())
    })
    .await;
    drop(kept);
}

#[tokio::test]
async fn a_gateway_that_takes_its_lease_late_has_the_time_to_tell_of_its_sockets() {
    let redis = Redis::fresh();
    let strict = Replica::start_strict(&redis).await;
    let replica = Replica::start(&redis).await;
    redis.forget().await;
    let incomplete = format!("{}presence:incomplete", redis.prefix);
    let store = redis.open().await;
    // The first has that time even if leases are shorter.
    strict.renews("g0").await;
    let left: u64 = store.pttl(&incomplete).await.unwrap();
    assert!(left > 5_000, "{left} ms");
    let () = store.pexpire(&incomplete, 4_000, None).await.unwrap();
    // The leases of those who come later live for as long as the test runs.
    for gateway in ["g1", "g2"] {
        replica.renews(gateway).await;
        let left: u64 = store.pttl(&incomplete).await.unwrap();
        assert!(left > 5_000, "{left} ms");
        let () = store.pexpire(&incomplete, 4_000, None).await.unwrap();
        // Who has its lease changes nothing.
        replica.renews(gateway).await;
        let left: u64 = store.pttl(&incomplete).await.unwrap();
        assert!(left <= 4_000, "{left} ms");
    }
    replica.renews("g1").await;
    let () = store.del(&incomplete).await.unwrap();
    replica.renews("g3").await;
    assert_eq!(known(&replica, [UserId::generate()]).await, [Offline]);
}

#[tokio::test]
async fn who_leaves_one_gateway_is_not_gone_before_another_could_tell_of_their_socket() {
    let redis = Redis::fresh();
    let user = UserId::generate();
    let watcher = Watcher::of(&redis, &[user]).await;
    let replica = Replica::start(&redis).await;
    redis.forget().await;
    replica.renews("g1").await;
    replica.connects(user, "s1", "g1").await;
    replica.disconnects(user, "s1", "g1").await;
    let told_in = told_in(&redis, user).await;
    assert!(told_in > 5_000, "in {told_in} ms");
    replica.connects(user, "s2", "g2").await;
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
