//! What is published is heard where the topic is held, and nowhere else; what may have been lost is said
//! to be.

use std::time::Duration;

use confab_bus::{Deliveries, Delivery, Publisher, Subscriber, Topic};
use confab_ids::{RoomId, UserId};
use confab_proto::event::event::Body;
use confab_proto::event::{Event, Typing};
use confab_testkit::{Proxy, Redis, eventually};
use fred::interfaces::PubsubInterface as _;
use futures_util::future::join_all;

/// Long enough for a machine under load: a connection that falls silent is not given up before six seconds.
pub const LIMIT: Duration = Duration::from_secs(30);

pub fn typing(room: RoomId) -> Event {
    let typing = Typing {
        room_id: room.to_string(),
        user_id: String::new(),
        is_typing: true,
        lasts_ms: 0,
    };
    Event {
        traceparent: String::new(),
        body: Some(Body::Typing(typing)),
        ..Event::default()
    }
}

pub async fn next(deliveries: &mut Deliveries) -> Delivery {
    tokio::time::timeout(LIMIT, deliveries.next())
        .await
        .expect("nothing was said")
        .unwrap()
}

#[tokio::test]
async fn an_event_is_heard_by_those_who_hold_its_topic_and_by_nobody_else() {
    let redis = Redis::fresh();
    let publisher = Publisher::connect(&redis.url, &redis.prefix).await.unwrap();
    let (one, mut heard_by_one) = Subscriber::connect(&redis.url, &redis.prefix)
        .await
        .unwrap();
    let (two, mut heard_by_two) = Subscriber::connect(&redis.url, &redis.prefix)
        .await
        .unwrap();
    let (room, other) = (RoomId::generate(), RoomId::generate());
    let hold = one.hold(Topic::Room(room));
    let elsewhere = two.hold(Topic::Room(other));
    assert!(hold.confirmed(LIMIT).await && elsewhere.confirmed(LIMIT).await);

    publisher
        .publish(Topic::Room(room), &typing(room))
        .await
        .unwrap();
    publisher
        .publish(Topic::Room(other), &typing(other))
        .await
        .unwrap();
    let Delivery::Event(topic, event) = next(&mut heard_by_one).await else {
        panic!("missed")
    };
    assert_eq!((topic, event.body), (Topic::Room(room), typing(room).body));
    let Delivery::Event(topic, _) = next(&mut heard_by_two).await else {
        panic!("missed")
    };
    assert_eq!(
        topic,
        Topic::Room(other),
        "the first event was not for this one"
    );
}

#[tokio::test]
async fn another_prefix_hears_nothing() {
    let (ours, theirs) = (Redis::fresh(), Redis::fresh());
    let (subscriber, mut heard) = Subscriber::connect(&ours.url, &ours.prefix).await.unwrap();
    let topic = Topic::User(UserId::generate());
    let hold = subscriber.hold(topic);
    assert!(hold.confirmed(LIMIT).await);
    let stranger = Publisher::connect(&theirs.url, &theirs.prefix)
        .await
        .unwrap();
    let friend = Publisher::connect(&ours.url, &ours.prefix).await.unwrap();
    stranger.publish(topic, &Event::default()).await.unwrap();
    let event = Event {
        traceparent: "friend".into(),
        ..Event::default()
    };
    friend.publish(topic, &event).await.unwrap();
    let Delivery::Event(_, first) = next(&mut heard).await else {
        panic!("missed")
    };
    assert_eq!(first.traceparent, "friend");
}

#[tokio::test]
async fn a_topic_is_subscribed_while_somebody_holds_it_and_not_longer() {
    let redis = Redis::fresh();
    let (subscriber, _deliveries) = Subscriber::connect(&redis.url, &redis.prefix)
        .await
        .unwrap();
    let watcher = redis.open().await;
    let topic = Topic::Room(RoomId::generate());
    let channel = format!("{}{topic}", redis.prefix);
    let listeners = async || {
        let count: std::collections::HashMap<String, i64> =
            watcher.pubsub_shardnumsub(channel.clone()).await.unwrap();
        count.get(&channel).copied().unwrap_or_default()
    };
    let (first, second) = (subscriber.hold(topic), subscriber.hold(topic));
    assert!(first.confirmed(LIMIT).await && second.confirmed(LIMIT).await);
    assert_eq!((listeners().await, subscriber.topics()), (1, 1));
    drop(first);
    let again = subscriber.hold(topic);
    drop(second);
    assert!(again.confirmed(LIMIT).await);
    assert_eq!(listeners().await, 1);
    drop(again);
    eventually("nobody listens", async || {
        (listeners().await == 0).then_some(())
    })
    .await;
    assert_eq!(subscriber.topics(), 0);
}

#[tokio::test]
async fn a_broken_connection_is_mended_and_said_to_have_missed_something() {
    let redis = Redis::fresh();
    let line = Proxy::to(redis.url.trim_start_matches("redis://")).await;
    let url = format!("redis://{}", line.address);
    let publisher = Publisher::connect(&redis.url, &redis.prefix).await.unwrap();
    let (subscriber, mut heard) = Subscriber::connect(&url, &redis.prefix).await.unwrap();
    let room = RoomId::generate();
    let hold = subscriber.hold(Topic::Room(room));
    assert!(hold.confirmed(LIMIT).await);

    line.cut();
    publisher
        .publish(Topic::Room(room), &Event::default())
        .await
        .unwrap();
    line.mend();
    assert!(
        matches!(next(&mut heard).await, Delivery::Missed),
        "what was said meanwhile is gone"
    );
    assert!(hold.confirmed(LIMIT).await);
    publisher
        .publish(Topic::Room(room), &typing(room))
        .await
        .unwrap();
    let Delivery::Event(_, event) = next(&mut heard).await else {
        panic!("missed again")
    };
    assert_eq!(event.body, typing(room).body);
}

#[tokio::test]
async fn a_connection_that_falls_silent_without_ending_is_noticed_and_replaced() {
    let redis = Redis::fresh();
    let line = Proxy::to(redis.url.trim_start_matches("redis://")).await;
    let url = format!("redis://{}", line.address);
    let (subscriber, mut heard) = Subscriber::connect(&url, &redis.prefix).await.unwrap();
    let room = RoomId::generate();
    let hold = subscriber.hold(Topic::Room(room));
    assert!(hold.confirmed(LIMIT).await);

    line.silence();
    assert!(matches!(next(&mut heard).await, Delivery::Missed));
    assert!(hold.confirmed(LIMIT).await);
    let publisher = Publisher::connect(&redis.url, &redis.prefix).await.unwrap();
    publisher
        .publish(Topic::Room(room), &typing(room))
        .await
        .unwrap();
    assert!(matches!(next(&mut heard).await, Delivery::Event(..)));
}

#[tokio::test]
async fn after_an_outage_in_which_much_was_to_be_said_all_is_taken_again() {
    let redis = Redis::fresh();
    let line = Proxy::to(redis.url.trim_start_matches("redis://")).await;
    let url = format!("redis://{}", line.address);
    let publisher = Publisher::connect(&url, &redis.prefix).await.unwrap();
    let room = RoomId::generate();
    let (topic, event) = (Topic::Room(room), typing(room));

    line.cut();
    // More than a connection keeps for later.
    let refused = join_all((0..12_000).map(|_| publisher.publish(topic, &event))).await;
    assert!(refused.iter().all(Result::is_err));
    line.mend();
    eventually("redis to be back", async || {
        publisher.publish(topic, &event).await.ok()
    })
    .await;
    for _ in 0..20 {
        publisher.publish(topic, &event).await.unwrap();
    }
}

#[tokio::test]
async fn a_process_does_not_hear_what_it_said_itself_about_rooms() {
    let redis = Redis::fresh();
    let own = Publisher::connect(&redis.url, &redis.prefix).await.unwrap();
    let other = Publisher::connect(&redis.url, &redis.prefix).await.unwrap();
    let (subscriber, heard) = Subscriber::connect(&redis.url, &redis.prefix)
        .await
        .unwrap();
    let mut heard = heard.deaf_to(own.origin());
    let (room, user) = (RoomId::generate(), UserId::generate());
    let holds = [
        subscriber.hold(Topic::Room(room)),
        subscriber.hold(Topic::User(user)),
    ];
    assert!(holds[0].confirmed(LIMIT).await && holds[1].confirmed(LIMIT).await);

    own.publish(Topic::Room(room), &typing(room)).await.unwrap();
    own.publish(Topic::User(user), &Event::default())
        .await
        .unwrap();
    other
        .publish(Topic::Room(room), &typing(room))
        .await
        .unwrap();
    let Delivery::Event(first, _) = next(&mut heard).await else {
        panic!("missed")
    };
    let Delivery::Event(second, event) = next(&mut heard).await else {
        panic!("missed")
    };
    assert_eq!((first, second), (Topic::User(user), Topic::Room(room)));
    assert_eq!(event.origin, other.origin());
}
