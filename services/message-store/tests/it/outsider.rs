//! Who is not a member of a room is told that there is no such room, whatever they ask.

use confab_proto::message::{
    AdvanceCursorRequest, Cursor, GetRoomRequest, ListChangesRequest, ListMembersRequest,
    ListMessagesRequest, ListRoomsRequest,
};
use confab_testkit::Mongo;
use tonic::Code;

use crate::service::{
    Client, Service, create_group, new_user, new_users, refusal, send, send_many, stored,
};

async fn all_refusals(
    client: &Client,
    user: &str,
    room: &str,
    message: &str,
) -> Vec<(Code, String)> {
    let mut client = client.clone();
    let (user_id, room_id) = (user.to_owned(), room.to_owned());
    let get = GetRoomRequest {
        user_id: user_id.clone(),
        room_id: room_id.clone(),
    };
    let members = ListMembersRequest {
        user_id: user_id.clone(),
        room_id: room_id.clone(),
        ..ListMembersRequest::default()
    };
    let messages = ListMessagesRequest {
        user_id: user_id.clone(),
        room_id: room_id.clone(),
        ..ListMessagesRequest::default()
    };
    let cursor = |seq| AdvanceCursorRequest {
        user_id: user_id.clone(),
        room_id: room_id.clone(),
        cursor: Cursor::Read.into(),
        seq,
        message_id: String::new(),
    };
    let by_message = AdvanceCursorRequest {
        message_id: message.to_owned(),
        ..cursor(0)
    };
    vec![
        refusal(client.get_room(get).await),
        refusal(client.list_members(members).await),
        refusal(client.list_messages(messages).await),
        refusal(send(&client, user, room, "let me in").await),
        refusal(client.advance_cursor(cursor(1)).await),
        // The answer must not tell how long the log is, either.
        refusal(client.advance_cursor(cursor(1_000_000)).await),
        refusal(client.advance_cursor(by_message).await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn outsiders_cannot_tell_a_room_from_none() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let members = new_users(3);
    let room = create_group(&service.client, &members).await.id;
    let message = send_many(&service.client, &members[0], &room, 3)
        .await
        .remove(0)
        .id;
    let outsider = new_user();

    // Of a real room, of one that never was, and of something that is no id.
    for room in [room.as_str(), &new_user(), "nonsense", ""] {
        for refused in all_refusals(&service.client, &outsider, room, &message).await {
            assert_eq!(
                refused,
                (Code::NotFound, "ROOM_NOT_FOUND".to_owned()),
                "{room}"
            );
        }
    }
    let rooms = ListRoomsRequest {
        user_id: outsider,
        limit: 0,
        ..ListRoomsRequest::default()
    };
    assert_eq!(
        service
            .client
            .clone()
            .list_rooms(rooms)
            .await
            .unwrap()
            .into_inner()
            .rooms,
        []
    );
    assert_eq!(stored(&mongo, &room).await.len(), 3);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_a_room_that_never_was_are_not_found() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    for room in [new_user(), "nonsense".to_owned()] {
        let request = ListChangesRequest {
            room_id: room,
            after_rev: 0,
            limit: 0,
            ..ListChangesRequest::default()
        };
        let refused = refusal(service.client.clone().list_changes(request).await);
        assert_eq!(refused, (Code::NotFound, "ROOM_NOT_FOUND".to_owned()));
    }
    service.stop().await;
}
