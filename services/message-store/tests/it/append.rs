//! Sending: numbers without holes, each message once, whoever writes at the same time.

use std::collections::HashMap;

use confab_proto::message::{Message, SendMessageResponse};
use confab_testkit::{Mongo, eventually};
use tokio::task::JoinSet;

use crate::service::{
    Service, assert_is_a_log, create_group, new_user, new_users, open_pair, send, send_many, stored,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_messages_of_a_room_are_one_two_three() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&service.client, &ann, &ben).await.room.unwrap();

    let sent = send_many(&service.client, &ann, &room.id, 3).await;

    assert_eq!(
        sent.iter().map(|message| message.seq).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(
        sent.iter().map(|message| message.rev).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(sent[0].from, ann);
    assert_eq!(sent[0].r#type, "text");
    assert_eq!(sent[0].content, "m1");
    assert_eq!(stored(&mongo, &room.id).await, sent);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_senders_through_two_replicas_make_one_log_without_holes() {
    let mongo = Mongo::fresh();
    let replicas = Service::start_two(&mongo).await;
    let users = new_users(20);
    let room = create_group(&replicas[0].client, &users).await;

    let mut senders = JoinSet::new();
    for (number, user) in users.into_iter().enumerate() {
        let (client, room) = (replicas[number % 2].client.clone(), room.id.clone());
        senders.spawn(async move { send_many(&client, &user, &room, 50).await });
    }
    let mut answered: Vec<Message> = senders.join_all().await.into_iter().flatten().collect();

    answered.sort_by_key(|message| message.seq);
    let log = stored(&mongo, &room.id).await;
    assert_eq!(log.len(), 1_000);
    assert_is_a_log(&log);
    assert_eq!(log, answered);
    for replica in replicas {
        replica.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_sent_fifty_times_at_once_through_two_replicas_is_one_message() {
    let mongo = Mongo::fresh();
    let replicas = Service::start_two(&mongo).await;
    let users = new_users(2);
    let room = create_group(&replicas[0].client, &users).await;

    let mut senders = JoinSet::new();
    for number in 0..50 {
        let client = replicas[number % 2].client.clone();
        let (user, room) = (users[0].clone(), room.id.clone());
        senders.spawn(async move { send(&client, &user, &room, "the one").await.unwrap() });
    }
    let answers: Vec<SendMessageResponse> = senders.join_all().await;

    let log = stored(&mongo, &room.id).await;
    assert_eq!(log.len(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer.message.as_ref() == Some(&log[0]))
    );
    assert_eq!(answers.iter().filter(|answer| !answer.repeated).count(), 1);
    for replica in replicas {
        replica.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_first_answer_at_any_later_time_from_any_replica() {
    let mongo = Mongo::fresh();
    let [one, other] = Service::start_two(&mongo).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&one.client, &ann, &ben).await.room.unwrap();
    let sent = send_many(&one.client, &ann, &room.id, 5).await;

    for client in [&one.client, &other.client] {
        let again = send(client, &ann, &room.id, "m2").await.unwrap();
        assert_eq!(again.message.as_ref(), Some(&sent[1]));
        assert!(again.repeated);
    }
    // The same id from somebody else is somebody else's message.
    let own = send(&other.client, &ben, &room.id, "m2").await.unwrap();
    assert!(!own.repeated);
    assert_eq!(own.message.unwrap().seq, 6);

    assert_is_a_log(&stored(&mongo, &room.id).await);
    one.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rooms_at_once_through_two_replicas_are_each_a_log() {
    let mongo = Mongo::fresh();
    let replicas = Service::start_two(&mongo).await;
    let user = new_user();
    let mut rooms = Vec::new();
    for _ in 0..12 {
        rooms.push(
            create_group(&replicas[0].client, &[user.clone(), new_user()])
                .await
                .id,
        );
    }

    let mut senders = JoinSet::new();
    for (place, room) in rooms.iter().enumerate() {
        // Some rooms through one replica, some through both, each with the user's own repeats.
        for sender in 0..4_usize {
            let client = replicas[(place * sender) % 2].client.clone();
            let (user, room) = (user.clone(), room.clone());
            senders.spawn(async move {
                let mut answers = Vec::new();
                for number in 0..20 {
                    let id = format!("{}-{number}", sender / 2);
                    answers.push(send(&client, &user, &room, &id).await.unwrap());
                }
                (room, answers)
            });
        }
    }
    let mut answered: HashMap<String, Vec<SendMessageResponse>> = HashMap::new();
    for (room, answers) in senders.join_all().await {
        answered.entry(room).or_default().extend(answers);
    }

    for room in rooms {
        let log = stored(&mongo, &room).await;
        assert_eq!(log.len(), 40);
        assert_is_a_log(&log);
        let answers = &answered[&room];
        assert_eq!(answers.iter().filter(|answer| !answer.repeated).count(), 40);
        for message in answers
            .iter()
            .map(|answer| answer.message.as_ref().unwrap())
        {
            let place = usize::try_from(message.seq - 1).unwrap();
            assert_eq!(message, &log[place]);
        }
    }
    for replica in replicas {
        replica.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn senders_who_go_away_leave_no_hole() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;

    let mut senders = JoinSet::new();
    for number in 0..400_usize {
        let client = service.client.clone();
        let (user, room) = (users[number % 2].clone(), room.id.clone());
        senders.spawn(async move {
            send(&client, &user, &room, &format!("m{number}"))
                .await
                .ok()
        });
    }
    // Most calls are cut off wherever they are just now.
    let mut answered = Vec::new();
    while answered.len() < 20 {
        answered.extend(senders.join_next().await.unwrap().unwrap());
    }
    senders.shutdown().await;

    send(&service.client, &users[0], &room.id, "the last")
        .await
        .unwrap();
    service.stop().await;
    let log = stored(&mongo, &room.id).await;
    assert_is_a_log(&log);
    for message in answered.into_iter().map(|answer| answer.message.unwrap()) {
        let place = usize::try_from(message.seq - 1).unwrap();
        assert_eq!(message, log[place]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_notices_that_another_has_gone_on() {
    let mongo = Mongo::fresh();
    let [one, other] = Service::start_two(&mongo).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&one.client, &ann, &ben).await.room.unwrap();

    for round in 0..5 {
        for (client, user) in [(&one.client, &ann), (&other.client, &ben)] {
            for number in 0..3 {
                send(client, user, &room.id, &format!("{round}-{number}"))
                    .await
                    .unwrap();
            }
        }
    }

    let log = stored(&mongo, &room.id).await;
    assert_eq!(log.len(), 30);
    assert_is_a_log(&log);
    one.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_not_updated_for_each_message_but_its_hint_follows() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&service.client, &ann, &ben).await.room.unwrap();
    let last = send_many(&service.client, &ann, &room.id, 20)
        .await
        .pop()
        .unwrap();

    let rooms = mongo
        .open()
        .await
        .collection::<mongodb::bson::Document>("rooms");
    eventually("the hint follows the head", async || {
        let room = rooms
            .find_one(mongodb::bson::doc! {})
            .await
            .unwrap()
            .unwrap();
        let hint = room.get_document("headHint").unwrap();
        let active = room
            .get_datetime("lastActivityAt")
            .unwrap()
            .timestamp_millis();
        (*hint == mongodb::bson::doc! { "rev": 20_i64, "seq": 20_i64 }
            && active == last.created_at_ms)
            .then_some(())
    })
    .await;
    service.stop().await;
}
