//! Auth learns when users were last seen, however long it was away.

use std::time::Duration;

use confab_ids::UserId;
use confab_testkit::{PortBlock, Redis, eventually_within};

use crate::accounts::Accounts;
use crate::replica::{Replica, users};
use crate::watch::Watcher;

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn the_moment_the_last_socket_went_is_stored_with_the_user() {
    let redis = Redis::fresh();
    let accounts = Accounts::default();
    let (url, _auth) = accounts.serve("127.0.0.1:0").await;
    let replica = Replica::start_with(&redis, |config| config.auth_url = vec![url]).await;
    let user = UserId::generate();
    let watcher = Watcher::of(&redis, &[user]).await;
    replica.connects(user, "s", "g").await;
    replica.disconnects(user, "s", "g").await;

    let told = watcher.hears(user, 2).await;
    let stored =
        eventually_within(PATIENCE, "auth to know", async || accounts.last_seen(user)).await;
    assert_eq!(stored, told[1].last_seen_at_ms);
}

#[tokio::test]
async fn nobody_waits_for_auth_and_nothing_is_lost_while_it_is_away() {
    let redis = Redis::fresh();
    let accounts = Accounts::default();
    let mut ports = PortBlock::take();
    let address = format!("127.0.0.1:{}", ports.port());
    let url = format!("http://{address}").parse().unwrap();
    let replica = Replica::start_with(&redis, |config| config.auth_url = vec![url]).await;
    // More than go in one call.
    let crowd = users(1_200);
    let watcher = Watcher::of(&redis, &crowd).await;
    replica.all_connect(&crowd, "s", "g").await;
    replica.all_disconnect(&crowd, "s", "g").await;
    for user in &crowd {
        watcher.hears(*user, 2).await;
    }
    assert!(crowd.iter().all(|user| accounts.last_seen(*user).is_none()));

    let _auth = accounts.serve(&address).await;
    for user in &crowd {
        let told = watcher.about(*user)[1].last_seen_at_ms;
        eventually_within(PATIENCE, "auth to know everybody", async || {
            (accounts.last_seen(*user) == Some(told)).then_some(())
        })
        .await;
    }
}
