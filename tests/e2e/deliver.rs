//! Every socket gets every message once and in order, whichever replica it is on.

use std::collections::BTreeMap;

use confab_e2e::{Balancer, Cluster, Plan, node};
use futures_util::TryStreamExt as _;
use mongodb::bson::{Document, doc};

/// The official client, through HAProxy in plain round robin, sender and receiver on any gateway.
async fn delivers_through_the_balancer(transports: &str) {
    let mut cluster = Cluster::start().await;
    let balancer = Balancer::before(&mut cluster).await;
    node(
        "clients/deliver.mjs",
        &["--url", &balancer.url, "--transports", transports],
    )
    .await
    .succeeds();
}

#[tokio::test]
async fn a_default_client_gets_every_message_through_a_balancer_without_affinity() {
    delivers_through_the_balancer("default").await;
}

#[tokio::test]
async fn a_polling_client_gets_every_message_through_a_balancer_without_affinity() {
    delivers_through_the_balancer("polling").await;
}

#[tokio::test]
async fn a_websocket_client_gets_every_message_through_a_balancer_without_affinity() {
    delivers_through_the_balancer("websocket").await;
}

#[tokio::test]
async fn a_hundred_users_in_twenty_rooms_on_three_gateways_miss_nothing() {
    let plan = Plan {
        gateways: 3,
        message_stores: 2,
        ..Plan::default()
    };
    let cluster = Cluster::planned(plan).await;
    node("clients/many.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();

    let logs = logs(&cluster).await;
    assert_eq!(logs.len(), 20, "rooms");
    assert_eq!(
        logs.values().map(Vec::len).sum::<usize>(),
        5_000,
        "messages"
    );
    for (room, log) in logs {
        let dense: Vec<_> = (1..)
            .take(log.len())
            .map(|number| (number, number))
            .collect();
        assert_eq!(log, dense, "seq and rev of room {room}");
    }
}

#[tokio::test]
async fn one_client_message_id_sent_fifty_times_at_once_is_one_message() {
    let plan = Plan {
        gateways: 3,
        message_stores: 2,
        ..Plan::default()
    };
    let cluster = Cluster::planned(plan).await;
    node("clients/idempotent.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
    let messages = cluster
        .mongo
        .open()
        .await
        .collection::<Document>("messages");
    let ada = messages
        .find_one(doc! { "clientMessageId": "idempotent-1" })
        .await
        .unwrap()
        .unwrap();
    let same =
        doc! { "clientMessageId": "idempotent-1", "from": ada.get_object_id("from").unwrap() };
    assert_eq!(messages.count_documents(same).await.unwrap(), 1);
}

/// The `seq` and `rev` of every message in the store, by room, ascending.
async fn logs(cluster: &Cluster) -> BTreeMap<String, Vec<(i64, i64)>> {
    let messages = cluster
        .mongo
        .open()
        .await
        .collection::<Document>("messages");
    let all: Vec<Document> = messages
        .find(doc! {})
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    let mut logs = BTreeMap::<_, Vec<_>>::new();
    for message in all {
        let room = message.get_object_id("roomId").unwrap().to_hex();
        let place = (
            message.get_i64("seq").unwrap(),
            message.get_i64("rev").unwrap(),
        );
        logs.entry(room).or_default().push(place);
    }
    logs.values_mut().for_each(|log| log.sort_unstable());
    logs
}
