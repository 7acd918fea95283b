//! Cursors: forward, never back, and never beyond the log.

use confab_proto::message::{AdvanceCursorRequest, AdvanceCursorResponse, Cursor, GetRoomRequest};
use confab_testkit::Mongo;
use tokio::task::JoinSet;
use tonic::{Code, Status};

use crate::service::{Client, Service, new_user, open_pair, refusal, send_many};

async fn advance(
    client: &Client,
    user: &str,
    room: &str,
    cursor: Cursor,
    seq: i64,
) -> Result<AdvanceCursorResponse, Status> {
    let request = AdvanceCursorRequest {
        user_id: user.to_owned(),
        room_id: room.to_owned(),
        cursor: cursor.into(),
        seq,
        message_id: String::new(),
    };
    Ok(client.clone().advance_cursor(request).await?.into_inner())
}

/// The read cursor came from one number to another.
fn answer(
    (previous_read_seq, read_seq): (i64, i64),
    delivered_seq: i64,
    moved: bool,
) -> AdvanceCursorResponse {
    AdvanceCursorResponse {
        previous_read_seq,
        read_seq,
        delivered_seq,
        moved,
        fan_out: true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cursors_move_forward_only_and_reading_includes_delivery() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let client = &service.client;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(client, &ann, &ben).await.room.unwrap().id;
    send_many(client, &ann, &room, 10).await;

    for (cursor, seq, expected) in [
        (Cursor::Delivered, 3, answer((0, 0), 3, true)),
        (Cursor::Delivered, 2, answer((0, 0), 3, false)),
        (Cursor::Read, 2, answer((0, 2), 3, true)),
        (Cursor::Read, 2, answer((2, 2), 3, false)),
        (Cursor::Read, 7, answer((2, 7), 7, true)),
        (Cursor::Read, 0, answer((7, 7), 7, false)),
        (Cursor::Delivered, 10, answer((7, 7), 10, true)),
    ] {
        assert_eq!(
            advance(client, &ben, &room, cursor, seq).await.unwrap(),
            expected
        );
    }
    let beyond = advance(client, &ben, &room, Cursor::Read, 11).await;
    assert_eq!(
        refusal(beyond),
        (Code::InvalidArgument, "CURSOR_INVALID".to_owned())
    );

    for (user, read, delivered, unread) in [(&ben, 7, 10, 3), (&ann, 0, 0, 10)] {
        let request = GetRoomRequest {
            user_id: user.clone(),
            room_id: room.clone(),
        };
        let seen = client
            .clone()
            .get_room(request)
            .await
            .unwrap()
            .into_inner()
            .room
            .unwrap();
        assert_eq!(
            (seen.read_seq, seen.delivered_seq, seen.unread),
            (read, delivered, unread)
        );
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_may_be_moved_to_a_message_of_the_room() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let mut client = service.client.clone();
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&client, &ann, &ben).await.room.unwrap().id;
    let elsewhere = open_pair(&client, &ann, &new_user()).await.room.unwrap().id;
    let log = send_many(&client, &ann, &room, 4).await;
    let other = send_many(&client, &ann, &elsewhere, 4).await.remove(3).id;
    let to = |message_id: &str| AdvanceCursorRequest {
        user_id: ben.clone(),
        room_id: room.clone(),
        cursor: Cursor::Read.into(),
        // Ignored, as there is a message.
        seq: 99,
        message_id: message_id.to_owned(),
    };

    let moved = client
        .advance_cursor(to(&log[2].id))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(moved, answer((0, 3), 3, true));
    let back = client
        .advance_cursor(to(&log[0].id))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(back, answer((3, 3), 3, false));
    for none in [other.as_str(), &new_user(), "nonsense"] {
        let refused = refusal(client.advance_cursor(to(none)).await);
        assert_eq!(
            refused,
            (Code::InvalidArgument, "CURSOR_INVALID".to_owned())
        );
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_may_go_to_what_another_replica_has_just_appended() {
    let mongo = Mongo::fresh();
    let [one, other] = Service::start_two(&mongo).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&one.client, &ann, &ben).await.room.unwrap().id;
    for seq in 1..=5 {
        crate::service::send(&one.client, &ann, &room, &format!("m{seq}"))
            .await
            .unwrap();
        let read = advance(&other.client, &ben, &room, Cursor::Read, seq)
            .await
            .unwrap();
        assert_eq!(read, answer((seq - 1, seq), seq, true));
    }
    one.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_devices_that_read_at_once_each_step_moves_once_and_the_furthest_stays() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&service.client, &ann, &ben)
        .await
        .room
        .unwrap()
        .id;
    send_many(&service.client, &ann, &room, 20).await;

    let mut devices = JoinSet::new();
    for _ in 0..5 {
        let (client, ben, room) = (service.client.clone(), ben.clone(), room.clone());
        devices.spawn(async move {
            let mut moved = 0;
            for seq in 1..=20 {
                let answer = advance(&client, &ben, &room, Cursor::Read, seq)
                    .await
                    .unwrap();
                assert!(answer.read_seq >= seq);
                moved += usize::from(answer.moved);
            }
            moved
        });
    }
    let moved: usize = devices.join_all().await.into_iter().sum();

    assert!((1..=20).contains(&moved), "{moved}");
    let last = advance(&service.client, &ben, &room, Cursor::Delivered, 1)
        .await
        .unwrap();
    assert_eq!(last, answer((20, 20), 20, false));
    service.stop().await;
}
