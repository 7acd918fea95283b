//! What gateways ask: where logs end, and what came after a revision.

use std::collections::HashMap;

use confab_proto::message::{Change, Message, change};
use confab_proto::message::{ListChangesRequest, ListChangesResponse, ListHeadsRequest};
use confab_testkit::Mongo;
use tokio::task::JoinSet;

use crate::service::{Client, Service, new_user, open_pair, send, send_many};

pub async fn changes(
    client: &Client,
    room: &str,
    after_rev: i64,
    limit: i32,
) -> ListChangesResponse {
    let request = ListChangesRequest {
        room_id: room.to_owned(),
        after_rev,
        limit,
        ..ListChangesRequest::default()
    };
    client
        .clone()
        .list_changes(request)
        .await
        .unwrap()
        .into_inner()
}

/// The messages that a page of changes shows.
pub fn messages(page: &ListChangesResponse) -> Vec<Message> {
    let message = |change: &Change| match &change.what {
        Some(change::What::Message(message)) => Some(message.clone()),
        _ => None,
    };
    page.changes.iter().filter_map(message).collect()
}

async fn heads(client: &Client, rooms: &[String]) -> HashMap<String, (i64, i64)> {
    let request = ListHeadsRequest {
        room_ids: rooms.to_vec(),
    };
    let heads = client
        .clone()
        .list_heads(request)
        .await
        .unwrap()
        .into_inner()
        .heads;
    heads
        .into_iter()
        .map(|head| (head.room_id, (head.rev, head.seq)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_after_a_revision_are_complete_up_to_where_the_answer_says() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&service.client, &ann, &ben)
        .await
        .room
        .unwrap()
        .id;
    let log = send_many(&service.client, &ann, &room, 25).await;

    let mut seen = Vec::new();
    let mut rev = 0;
    loop {
        let answer = changes(&service.client, &room, rev, 10).await;
        let head = answer.head.clone().unwrap();
        assert_eq!((head.rev, head.seq), (25, 25));
        seen.extend(messages(&answer));
        rev = answer.complete_rev;
        if rev == head.rev {
            break;
        }
    }
    assert_eq!(seen, log);

    for beyond in [25, 26, i64::MAX] {
        let answer = changes(&service.client, &room, beyond, 0).await;
        assert_eq!((messages(&answer), answer.complete_rev), (vec![], 25));
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_cover_whatever_any_replica_has_acknowledged() {
    let mongo = Mongo::fresh();
    let [one, other] = Service::start_two(&mongo).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&one.client, &ann, &ben).await.room.unwrap().id;

    for number in 1..=50 {
        let sent = send(&one.client, &ann, &room, &format!("m{number}"))
            .await
            .unwrap();
        let message = sent.message.unwrap();
        let heads = heads(&other.client, std::slice::from_ref(&room)).await;
        assert_eq!(heads[&room], (message.rev, message.seq));
        let changes = changes(&other.client, &room, message.rev - 1, 0).await;
        assert_eq!(messages(&changes), [message]);
    }
    one.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_of_many_rooms_are_answered_at_once_and_unknown_rooms_are_left_out() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let ann = new_user();
    let mut openers = JoinSet::new();
    for length in 0..100 {
        let (client, ann) = (service.client.clone(), ann.clone());
        openers.spawn(async move {
            let room = open_pair(&client, &ann, &new_user()).await.room.unwrap().id;
            send_many(&client, &ann, &room, length % 4).await;
            (room, i64::try_from(length % 4).unwrap())
        });
    }
    let rooms: HashMap<String, i64> = openers.join_all().await.into_iter().collect();
    let mut asked: Vec<String> = rooms.keys().cloned().collect();
    asked.extend([
        new_user(),
        "nonsense".to_owned(),
        String::new(),
        asked[0].clone(),
    ]);

    // A replica that has to find out, then one that knows.
    let fresh = Service::start(&mongo).await;
    for _ in 0..2 {
        let heads = heads(&fresh.client, &asked).await;
        assert_eq!(heads.len(), 100);
        for (room, length) in &rooms {
            assert_eq!(heads[room], (*length, *length));
        }
    }
    fresh.stop().await;
    service.stop().await;
}
