//! A connection says how it is, so that whoever has several can take another.

use std::time::Duration;

use confab_redis::{Health, Link};
use confab_testkit::{Proxy, Redis, eventually_within};
use fred::interfaces::ClientLike as _;

/// Some questions without an answer, on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_connection_that_has_fallen_silent_says_so_before_it_is_given_up() {
    let redis = Redis::fresh();
    let line = Proxy::to(redis.url.trim_start_matches("redis://")).await;
    let link = Link::connect(&format!("redis://{}", line.address))
        .await
        .unwrap();
    assert_eq!(link.health(), Health::Answers);

    line.silence();
    becomes(&link, Health::Silent).await;
    becomes(&link, Health::Answers).await;
    answers(&link).await;
}

#[tokio::test]
async fn a_connection_that_has_ended_is_away_until_there_is_a_new_one() {
    let redis = Redis::fresh();
    let line = Proxy::to(redis.url.trim_start_matches("redis://")).await;
    let link = Link::connect(&format!("redis://{}", line.address))
        .await
        .unwrap();

    line.cut();
    becomes(&link, Health::Away).await;
    line.mend();
    becomes(&link, Health::Answers).await;
    answers(&link).await;
}

async fn becomes(link: &Link, health: Health) {
    let what = format!("the connection to be {health:?}");
    eventually_within(LIMIT, &what, async || {
        (link.health() == health).then_some(())
    })
    .await;
}

async fn answers(link: &Link) {
    eventually_within(LIMIT, "an answer", async || {
        link.client().ok()?.ping::<()>(None).await.ok()
    })
    .await;
}
