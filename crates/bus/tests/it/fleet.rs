//! Redis made of several servers: a cluster whose slots move and whose masters die, and a master that a
//! sentinel replaces. What is said goes on being heard, and what may have been lost is said to be.

use confab_bus::{Deliveries, Delivery, Hold, Publisher, Subscriber, Topic};
use confab_ids::RoomId;
use confab_testkit::{RedisCluster, RedisSentinel, eventually_within};
use std::time::Duration;

use crate::bus::{LIMIT, next, typing};

/// Long enough to find out, vote, and connect anew, on a machine that is busy.
const RECOVERY: Duration = Duration::from_secs(30);

/// Two processes on one Redis.
struct Pair {
    publisher: Publisher,
    subscriber: Subscriber,
    deliveries: Deliveries,
    /// It was said that something may have been lost.
    missed: bool,
}

impl Pair {
    async fn on(url: &str) -> Self {
        // Keys would need the hash tag.
        let prefix = "{test}:";
        let (subscriber, deliveries) = Subscriber::connect(url, prefix).await.unwrap();
        Self {
            publisher: Publisher::connect(url, prefix).await.unwrap(),
            subscriber,
            deliveries,
            missed: false,
        }
    }

    async fn hold(&self, room: RoomId) -> Hold {
        let hold = self.subscriber.hold(Topic::Room(room));
        assert!(hold.confirmed(LIMIT).await);
        hold
    }

    /// Says something in a room, again and again, until it is heard after it was said that something may
    /// have been lost.
    async fn is_heard_again(&mut self, room: RoomId) {
        let topic = Topic::Room(room);
        eventually_within(RECOVERY, "an event to be heard again", async || {
            // Refused while nobody has the slot.
            let _ = self.publisher.publish(topic, &typing(room)).await;
            let soon = Duration::from_millis(100);
            while let Ok(said) = tokio::time::timeout(soon, self.deliveries.next()).await {
                match said.expect("the bus is closed") {
                    Delivery::Missed => self.missed = true,
                    Delivery::Event(heard, _) if heard == topic && self.missed => return Some(()),
                    Delivery::Event(..) => {}
                }
            }
            None
        })
        .await;
    }
}

fn channel(room: RoomId) -> String {
    format!("test:{}", Topic::Room(room))
}

/// A room whose channel the first master has, and one that another has.
async fn rooms(cluster: &RedisCluster) -> (RoomId, RoomId) {
    let (mut first, mut other) = (None, None);
    while first.is_none() || other.is_none() {
        let room = RoomId::generate();
        match cluster.master_of(&channel(room)).await {
            0 => first = Some(room),
            _ => other = Some(room),
        }
    }
    (first.unwrap(), other.unwrap())
}

#[tokio::test]
async fn a_cluster_carries_topics_on_all_its_nodes() {
    let cluster = RedisCluster::start().await;
    let mut pair = Pair::on(&cluster.url).await;
    let (one, other) = rooms(&cluster).await;
    let _holds = (pair.hold(one).await, pair.hold(other).await);
    for room in [one, other] {
        let topic = Topic::Room(room);
        pair.publisher.publish(topic, &typing(room)).await.unwrap();
        let Delivery::Event(heard, _) = next(&mut pair.deliveries).await else {
            panic!("missed")
        };
        assert_eq!(heard, topic);
    }
}

#[tokio::test]
async fn a_topic_whose_slot_moves_is_heard_again_and_what_may_be_lost_is_said() {
    let cluster = RedisCluster::start().await;
    let mut pair = Pair::on(&cluster.url).await;
    let room = RoomId::generate();
    let _hold = pair.hold(room).await;
    cluster.move_slot_of(&channel(room)).await;
    pair.is_heard_again(room).await;
}

#[tokio::test]
async fn a_master_that_dies_is_replaced_and_what_may_be_lost_is_said() {
    let mut cluster = RedisCluster::start().await;
    let mut pair = Pair::on(&cluster.url).await;
    let (room, elsewhere) = rooms(&cluster).await;
    let _holds = (pair.hold(room).await, pair.hold(elsewhere).await);
    cluster.kill_first_master().await;
    pair.is_heard_again(room).await;
    pair.is_heard_again(elsewhere).await;
}

#[tokio::test]
async fn a_sentinel_names_another_master_and_what_may_be_lost_is_said() {
    let mut sentinel = RedisSentinel::start().await;
    let mut pair = Pair::on(&sentinel.url).await;
    let room = RoomId::generate();
    let _hold = pair.hold(room).await;
    sentinel.kill_master().await;
    pair.is_heard_again(room).await;
}
