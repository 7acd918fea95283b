//! Each field that is wrong is refused by name, and nothing is stored.

use confab_proto::message::list_messages_request::Cursor as Side;
use confab_proto::message::position::At;
use confab_proto::message::{
    AdvanceCursorRequest, CreateRoomRequest, GetRoomRequest, ListChangesRequest, ListHeadsRequest,
    ListMembersRequest, ListMessagesRequest, ListRoomsRequest, Position, SendMessageRequest,
};
use confab_testkit::Mongo;
use tonic::{Code, Status};

use crate::service::{
    Client, Service, create_group, new_user, new_users, refusal, send_many, stored,
};

#[track_caller]
fn assert_invalid<T: std::fmt::Debug>(answer: Result<T, Status>, reason: &str) {
    assert_eq!(refusal(answer), (Code::InvalidArgument, reason.to_owned()));
}

/// A room, one of its members, and the way to ask.
struct Caller {
    client: Client,
    user: String,
    room: String,
}

impl Caller {
    async fn of(service: &Service) -> Self {
        let users = new_users(2);
        let room = create_group(&service.client, &users).await.id;
        Self {
            client: service.client.clone(),
            user: users[0].clone(),
            room,
        }
    }

    fn message(&self) -> SendMessageRequest {
        SendMessageRequest {
            user_id: self.user.clone(),
            room_id: self.room.clone(),
            content: "hello".to_owned(),
            r#type: "text".to_owned(),
            client_message_id: "c1".to_owned(),
            ..SendMessageRequest::default()
        }
    }

    fn page(&self, limit: i32, cursor: Option<Side>) -> ListMessagesRequest {
        let (user_id, room_id) = (self.user.clone(), self.room.clone());
        ListMessagesRequest {
            user_id,
            room_id,
            limit,
            cursor,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_with_a_wrong_field_is_refused_by_that_field() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let caller = Caller::of(&service).await;
    let mut client = caller.client.clone();
    let good = || caller.message();

    for content in [String::new(), " \n\t\u{3000}".to_owned(), "x".repeat(8_193)] {
        let request = SendMessageRequest { content, ..good() };
        assert_invalid(client.send_message(request).await, "CONTENT_INVALID");
    }
    for id in [
        String::new(),
        "x".repeat(65),
        "tab\t".to_owned(),
        "naïve".to_owned(),
    ] {
        let request = SendMessageRequest {
            client_message_id: id,
            ..good()
        };
        assert_invalid(
            client.send_message(request).await,
            "CLIENT_MESSAGE_ID_INVALID",
        );
    }
    let request = SendMessageRequest {
        r#type: "pigeon".to_owned(),
        ..good()
    };
    assert_invalid(client.send_message(request).await, "MESSAGE_TYPE_INVALID");
    let request = SendMessageRequest {
        user_id: "me".to_owned(),
        ..good()
    };
    assert_invalid(client.send_message(request).await, "USER_ID_INVALID");
    assert_eq!(stored(&mongo, &caller.room).await, []);

    let longest = SendMessageRequest {
        content: "x".repeat(8_192),
        client_message_id: "~".repeat(64),
        ..good()
    };
    assert!(client.send_message(longest).await.is_ok());
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_with_wrong_members_or_a_wrong_name_is_refused() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let mut client = service.client.clone();
    let me = new_user();
    let room = |is_group, name: &str, member_ids: Vec<String>| CreateRoomRequest {
        creator_id: me.clone(),
        name: name.to_owned(),
        is_group,
        member_ids,
    };

    let strange = vec![new_user(), "somebody".to_owned()];
    for request in [
        room(false, "", vec![]),
        room(false, "", vec![me.clone()]),
        room(false, "", new_users(2)),
        room(false, "", vec!["somebody".to_owned()]),
        room(true, "", strange),
        room(true, "", new_users(1_000)),
        room(true, "", vec![me.clone(); 5_000]),
    ] {
        assert_invalid(client.create_room(request).await, "MEMBERS_INVALID");
    }
    let request = room(true, &"x".repeat(101), new_users(1));
    assert_invalid(client.create_room(request).await, "ROOM_NAME_INVALID");
    let request = CreateRoomRequest {
        creator_id: String::new(),
        ..room(true, "", vec![])
    };
    assert_invalid(client.create_room(request).await, "USER_ID_INVALID");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_out_of_range_are_refused() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let caller = Caller::of(&service).await;
    let mut client = caller.client.clone();
    let (user_id, room_id) = (caller.user.clone(), caller.room.clone());

    for limit in [-1, 201] {
        let refused = client.list_messages(caller.page(limit, None)).await;
        assert_invalid(refused, "LIMIT_INVALID");
    }
    for limit in [-1, 501] {
        let request = ListChangesRequest {
            room_id: room_id.clone(),
            after_rev: 0,
            limit,
            ..ListChangesRequest::default()
        };
        assert_invalid(client.list_changes(request).await, "LIMIT_INVALID");
    }
    for limit in [-1, 1_001] {
        let request = ListRoomsRequest {
            user_id: user_id.clone(),
            limit,
            ..ListRoomsRequest::default()
        };
        assert_invalid(client.list_rooms(request).await, "LIMIT_INVALID");
        let request = ListMembersRequest {
            user_id: user_id.clone(),
            room_id: room_id.clone(),
            limit,
            after_user_id: String::new(),
        };
        assert_invalid(client.list_members(request).await, "LIMIT_INVALID");
    }
    let request = ListHeadsRequest {
        room_ids: vec![room_id; 1_001],
    };
    assert_invalid(client.list_heads(request).await, "LIMIT_INVALID");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn positions_that_are_none_are_refused() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let caller = Caller::of(&service).await;
    let mut client = caller.client.clone();
    let elsewhere = Caller::of(&service).await;
    let other = send_many(&elsewhere.client, &elsewhere.user, &elsewhere.room, 1)
        .await
        .remove(0);

    for at in [
        None,
        Some(At::Seq(-1)),
        Some(At::MessageId("m1".to_owned())),
        // A message that never was, and one in another room.
        Some(At::MessageId(new_user())),
        Some(At::MessageId(other.id)),
    ] {
        let sides = [
            Side::Before(Position { at: at.clone() }),
            Side::After(Position { at }),
        ];
        for side in sides {
            let refused = client.list_messages(caller.page(0, Some(side))).await;
            assert_invalid(refused, "CURSOR_INVALID");
        }
    }
    let room_id = caller.room.clone();
    let request = ListChangesRequest {
        room_id: room_id.clone(),
        after_rev: -1,
        limit: 0,
        ..ListChangesRequest::default()
    };
    assert_invalid(client.list_changes(request).await, "CURSOR_INVALID");
    let request = ListMembersRequest {
        user_id: caller.user.clone(),
        room_id: room_id.clone(),
        limit: 0,
        after_user_id: "ann".to_owned(),
    };
    assert_invalid(client.list_members(request).await, "CURSOR_INVALID");
    for (cursor, seq) in [(0, 0), (9, 0), (1, -1), (1, 1)] {
        let user_id = caller.user.clone();
        let (room_id, message_id) = (room_id.clone(), String::new());
        let request = AdvanceCursorRequest {
            user_id,
            room_id,
            cursor,
            seq,
            message_id,
        };
        assert_invalid(client.advance_cursor(request).await, "CURSOR_INVALID");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_whose_id_is_none_is_refused_everywhere() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let mut client = service.client.clone();
    let user_id = || "not an id".to_owned();
    let room_id = new_user();

    let get = GetRoomRequest {
        user_id: user_id(),
        room_id: room_id.clone(),
    };
    assert_invalid(client.get_room(get).await, "USER_ID_INVALID");
    let rooms = ListRoomsRequest {
        user_id: user_id(),
        limit: 0,
        ..ListRoomsRequest::default()
    };
    assert_invalid(client.list_rooms(rooms).await, "USER_ID_INVALID");
    let members = ListMembersRequest {
        user_id: user_id(),
        room_id: room_id.clone(),
        ..ListMembersRequest::default()
    };
    assert_invalid(client.list_members(members).await, "USER_ID_INVALID");
    let messages = ListMessagesRequest {
        user_id: user_id(),
        room_id: room_id.clone(),
        ..ListMessagesRequest::default()
    };
    assert_invalid(client.list_messages(messages).await, "USER_ID_INVALID");
    let cursor = AdvanceCursorRequest {
        user_id: user_id(),
        room_id,
        cursor: 1,
        ..AdvanceCursorRequest::default()
    };
    assert_invalid(client.advance_cursor(cursor).await, "USER_ID_INVALID");
    service.stop().await;
}
