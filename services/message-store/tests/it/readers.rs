//! Who has read a message, and when.

use confab_proto::message::{
    AdvanceCursorRequest, Cursor, ListReadersRequest, ListReceiptsRequest, Reader,
};
use confab_testkit::Mongo;
use tonic::{Code, Status};

use crate::service::{Client, Service, create_group, new_user, new_users, refusal, send_many};

async fn read(client: &Client, user: &str, room: &str, cursor: Cursor, seq: i64) -> bool {
    let request = AdvanceCursorRequest {
        user_id: user.to_owned(),
        room_id: room.to_owned(),
        cursor: cursor.into(),
        seq,
        message_id: String::new(),
    };
    client
        .clone()
        .advance_cursor(request)
        .await
        .unwrap()
        .into_inner()
        .fan_out
}

async fn readers(client: &Client, user: &str, message: &str) -> Result<Vec<Reader>, Status> {
    let request = ListReadersRequest {
        user_id: user.to_owned(),
        message_id: message.to_owned(),
        ..ListReadersRequest::default()
    };
    Ok(client
        .clone()
        .list_readers(request)
        .await?
        .into_inner()
        .readers)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_move_of_a_cursor_says_when_each_message_up_to_there_was_read() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(3);
    let room = create_group(&service.client, &users).await.id;
    let log = send_many(&service.client, &users[0], &room, 5).await;
    read(&service.client, &users[1], &room, Cursor::Delivered, 5).await;
    read(&service.client, &users[1], &room, Cursor::Read, 2).await;
    read(&service.client, &users[1], &room, Cursor::Read, 4).await;
    // The sender's own reading is nobody's concern.
    read(&service.client, &users[0], &room, Cursor::Read, 5).await;

    let of = async |number: usize| {
        readers(&service.client, &users[0], &log[number].id)
            .await
            .unwrap()
    };
    let (first, third, last) = (of(0).await, of(2).await, of(4).await);
    assert_eq!([first.len(), third.len(), last.len()], [1, 1, 1]);
    assert!(first[0].read_at_ms > 0 && first[0].read_at_ms <= third[0].read_at_ms);
    assert_eq!(
        of(1).await[0].read_at_ms,
        first[0].read_at_ms,
        "read by the same move"
    );
    assert!(last[0].delivered_at_ms > 0);
    assert_eq!(last[0].read_at_ms, 0, "not read yet");
    let outsider = refusal(readers(&service.client, &new_user(), &log[0].id).await);
    assert_eq!(outsider, (Code::NotFound, "MESSAGE_NOT_FOUND".to_owned()));
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_moves_that_are_kept_are_bounded_and_none_goes_back() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await.id;
    let log = send_many(&service.client, &users[0], &room, 130).await;
    for seq in 1..=130 {
        read(&service.client, &users[1], &room, Cursor::Read, seq).await;
        read(&service.client, &users[1], &room, Cursor::Read, seq - 1).await;
    }
    let database = mongo.open().await;
    let members = database.collection::<mongodb::bson::Document>("members");
    let user: mongodb::bson::oid::ObjectId = users[1].parse().unwrap();
    let member = members
        .find_one(mongodb::bson::doc! { "userId": user })
        .await
        .unwrap()
        .unwrap();
    assert_eq!(member.get_array("readMoves").unwrap().len(), 100);
    let of = async |number: usize| {
        readers(&service.client, &users[0], &log[number].id)
            .await
            .unwrap()[0]
            .read_at_ms
    };
    assert!(of(0).await > 0, "no later than the oldest that is kept");
    assert!(of(0).await <= of(129).await);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_large_room_receipts_are_kept_and_not_told_to_the_others() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    for (members, told) in [(100, true), (101, false)] {
        let users = new_users(members);
        let room = create_group(&service.client, &users).await.id;
        let log = send_many(&service.client, &users[0], &room, 1).await;
        assert_eq!(
            read(&service.client, &users[1], &room, Cursor::Read, 1).await,
            told
        );
        assert_eq!(
            readers(&service.client, &users[0], &log[0].id)
                .await
                .unwrap()
                .len(),
            1
        );
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_all_members_have_come_is_one_answer_and_for_members_alone() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let client = &service.client;
    let (ann, others) = (new_user(), new_users(2));
    let members = [std::slice::from_ref(&ann), &others].concat();
    let room = create_group(client, &members).await.id;
    send_many(client, &ann, &room, 5).await;
    for (cursor, seq) in [(Cursor::Delivered, 4), (Cursor::Read, 2), (Cursor::Read, 3)] {
        read(client, &others[0], &room, cursor, seq).await;
    }
    let ask = |user: &str| ListReceiptsRequest {
        user_id: user.to_owned(),
        room_id: room.clone(),
    };
    let answer = client.clone().list_receipts(ask(&ann)).await.unwrap();
    let members = answer.into_inner().members;
    assert_eq!(members.len(), 3);
    assert!(members.is_sorted_by_key(|one| one.user_id.clone()));
    for member in members {
        let seqs = |moves: &[confab_proto::message::Move]| {
            assert!(moves.is_sorted_by_key(|one| one.at_ms));
            moves.iter().map(|one| one.seq).collect::<Vec<_>>()
        };
        let (delivered, read) = (seqs(&member.delivered), seqs(&member.read));
        if member.user_id == others[0] {
            // What is read was delivered, but here that was known already.
            assert_eq!((delivered, read), (vec![4], vec![2, 3]));
        } else {
            assert_eq!((delivered, read), (vec![], vec![]));
        }
    }
    let stranger = client.clone().list_receipts(ask(&new_user())).await;
    assert_eq!(
        refusal(stranger),
        (Code::NotFound, "ROOM_NOT_FOUND".to_owned())
    );
    service.stop().await;
}
