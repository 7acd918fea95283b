//! A connection says how it is, so that whoever has several can take another.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use confab_redis::{Health, Link};
use confab_testkit::{Proxy, Redis, eventually_within};
use fred::error::{Error, ErrorKind};
use fred::interfaces::ClientLike as _;

/// Some questions without an answer, on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_connection_that_has_fallen_silent_says_so_before_it_is_given_up() {
    let (line, link) = linked().await;
    assert_eq!(link.health(), Health::Answers);

    line.silence();
    becomes(&link, Health::Silent).await;
    becomes(&link, Health::Answers).await;
    answers(&link).await;
}

#[tokio::test]
async fn a_connection_that_has_ended_is_away_until_there_is_a_new_one() {
    let (line, link) = linked().await;

    line.cut();
    becomes(&link, Health::Away).await;
    line.mend();
    becomes(&link, Health::Answers).await;
    answers(&link).await;
}

#[tokio::test]
async fn however_many_are_refused_because_too_much_waits_one_new_client_takes_over() {
    let redis = Redis::fresh();
    let link = Link::connect(&redis.url).await.unwrap();
    let mut clients = link.clients();
    // The watchdog is at work.
    answers(&link).await;

    for _ in 0..10 {
        link.ended(&too_much_waits());
    }
    clients.changed().await.unwrap();
    clients.borrow_and_update();
    for _ in 0..50 {
        answers(&link).await;
    }
    assert!(!clients.has_changed().unwrap());
}

#[tokio::test]
async fn a_link_that_is_closed_while_there_is_no_connection_just_ends() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let (line, link) = linked().await;
    line.cut();
    link.ended(&too_much_waits());
    eventually_within(LIMIT, "the client to be given up", async || {
        link.client().is_err().then_some(())
    })
    .await;

    // The watchdog is a task of its own, whose panic would be seen here alone.
    std::panic::set_hook(Box::new(|_| {
        PANICS.fetch_add(1, Ordering::Relaxed);
    }));
    link.close().await;
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
}

/// A link to Redis, through a line that can be cut and fall silent.
async fn linked() -> (Proxy, Link) {
    let redis = Redis::fresh();
    let line = Proxy::to(redis.url.trim_start_matches("redis://")).await;
    let link = Link::connect(&format!("redis://{}", line.address)).await;
    (line, link.expect("Redis is reached through the line"))
}

fn too_much_waits() -> Result<(), Error> {
    Err(Error::new(ErrorKind::Backpressure, "too much waits"))
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
