//! A store that goes away, or does what it is asked and does not say so.

use confab_fault::{Fault, Kind};
use confab_proto::message::{GetRoomRequest, Message, SendMessageResponse};
use confab_testkit::Mongo;
use tokio::task::JoinSet;
use tonic::Code;

use crate::proxy::Proxy;
use crate::service::{
    Service, assert_is_a_log, create_group, new_user, new_users, refusal, send, send_many, stored,
};

#[tokio::test(flavor = "multi_thread")]
async fn messages_whose_answers_are_lost_are_found_and_never_written_twice() {
    let mongo = Mongo::fresh();
    let proxy = Proxy::open(&mongo).await;
    let service = Service::start(&proxy.to(&mongo)).await;
    let users = new_users(8);
    let mut rooms = Vec::new();
    for _ in 0..3 {
        rooms.push(create_group(&service.client, &users).await.id);
    }

    // After each loss the driver takes half a second to trust the store again.
    proxy.lose_each(15);
    let mut senders = JoinSet::new();
    for user in &users {
        for room in &rooms {
            let (client, user, room) = (service.client.clone(), user.clone(), room.clone());
            senders.spawn(async move {
                let mut answers: Vec<SendMessageResponse> = Vec::new();
                for number in 0..6 {
                    // As a gateway does: what failed for now is sent again.
                    let id = format!("m{number}");
                    let answer = loop {
                        match send(&client, &user, &room, &id).await {
                            Ok(answer) => break answer,
                            Err(status) => assert_eq!(status.code(), Code::Unavailable, "{status}"),
                        }
                    };
                    answers.push(answer);
                }
                answers
            });
        }
    }
    let answers: Vec<SendMessageResponse> =
        senders.join_all().await.into_iter().flatten().collect();
    proxy.lose_each(0);

    let mut logs: Vec<Message> = Vec::new();
    for room in &rooms {
        let log = stored(&mongo, room).await;
        assert_is_a_log(&log);
        assert_eq!(log.len(), 48);
        logs.extend(log);
    }
    for answer in &answers {
        assert!(logs.contains(answer.message.as_ref().unwrap()));
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_outlives_a_short_outage() {
    let mongo = Mongo::fresh();
    let proxy = Proxy::open(&mongo).await;
    let service = Service::start(&proxy.to(&mongo)).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await.id;
    send_many(&service.client, &users[0], &room, 3).await;

    proxy.cut();
    let mut waiting = JoinSet::new();
    for number in 0..20 {
        let (client, user, room) = (service.client.clone(), users[1].clone(), room.clone());
        waiting.spawn(async move { send(&client, &user, &room, &format!("w{number}")).await });
    }
    // Nobody is answered while the store is away, neither well nor badly.
    assert!(waiting.try_join_next().is_none());
    proxy.mend();
    for answer in waiting.join_all().await {
        assert!(!answer.unwrap().repeated);
    }

    let log = stored(&mongo, &room).await;
    assert_is_a_log(&log);
    assert_eq!(log.len(), 23);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_can_wait_is_refused_with_the_time_to_come_back() {
    let mongo = Mongo::fresh();
    let proxy = Proxy::open(&mongo).await;
    let service = Service::start(&proxy.to(&mongo)).await;
    let user = new_user();
    let room = create_group(&service.client, &[user.clone(), new_user()])
        .await
        .id;
    send(&service.client, &user, &room, "the first")
        .await
        .unwrap();

    proxy.cut();
    let mut waiting = JoinSet::new();
    // One connection carries only so many calls at once.
    let clients = [service.client.clone(), service.another_client()];
    for number in 0..4_500 {
        let client = clients[number % 2].clone();
        let (user, room) = (user.clone(), room.clone());
        waiting.spawn(async move { send(&client, &user, &room, &format!("m{number}")).await });
    }
    let refused = waiting.join_next().await.unwrap().unwrap().unwrap_err();
    let fault = Fault::from(refused);
    assert_eq!(
        (fault.kind(), fault.reason()),
        (Kind::Unavailable, "LOG_BUSY")
    );
    assert!(fault.wait().is_some());

    proxy.mend();
    let answers = waiting.join_all().await;
    let log = stored(&mongo, &room).await;
    assert_is_a_log(&log);
    assert!(log.len() > answers.iter().filter(|answer| answer.is_ok()).count());
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_store_is_away_callers_are_told_so_before_their_patience_ends() {
    let mongo = Mongo::fresh();
    let proxy = Proxy::open(&mongo).await;
    let service = Service::start(&proxy.to(&mongo)).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await.id;
    send_many(&service.client, &users[0], &room, 1).await;

    proxy.cut();
    let mut client = service.client.clone();
    let get = GetRoomRequest {
        user_id: users[0].clone(),
        room_id: room.clone(),
    };
    let (sent, seen) = tokio::join!(
        send(&service.client, &users[0], &room, "now"),
        client.get_room(get)
    );
    let unavailable = (Code::Unavailable, "STORE_UNAVAILABLE".to_owned());
    assert_eq!(refusal(sent), unavailable);
    assert_eq!(refusal(seen), unavailable);

    proxy.mend();
    let again = send(&service.client, &users[0], &room, "now")
        .await
        .unwrap();
    assert_eq!(again.message.unwrap().seq, 2);
    service.stop().await;
}
