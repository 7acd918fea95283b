//! Who comes in and goes, and what they may do.

use confab_proto::message::room_service_client::RoomServiceClient;
use confab_proto::message::{
    AddMembersRequest, ChangeRoomResponse, ListMembersRequest, ListRoomsRequest, MuteRoomRequest,
    RemoveMemberRequest, Role, Room, SetMemberRoleRequest, UpdateRoomRequest,
};
use confab_testkit::{Mongo, eventually};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use tokio::task::JoinSet;
use tonic::transport::Channel;
use tonic::{Code, Status};

use crate::actor::Actor;
use crate::service::{
    Client, Service, create_group, new_user, new_users, open_pair, refusal, send, send_text,
};

type Rooms = RoomServiceClient<Channel>;

async fn add(
    rooms: &Rooms,
    by: &str,
    room: &str,
    users: &[String],
) -> Result<ChangeRoomResponse, Status> {
    let request = AddMembersRequest {
        user_id: by.to_owned(),
        room_id: room.to_owned(),
        member_ids: users.to_vec(),
    };
    Ok(rooms.clone().add_members(request).await?.into_inner())
}

async fn remove(
    rooms: &Rooms,
    by: &str,
    room: &str,
    user: &str,
) -> Result<ChangeRoomResponse, Status> {
    let request = RemoveMemberRequest {
        user_id: by.to_owned(),
        room_id: room.to_owned(),
        member_id: user.to_owned(),
    };
    Ok(rooms.clone().remove_member(request).await?.into_inner())
}

async fn set_role(
    rooms: &Rooms,
    by: &str,
    room: &str,
    user: &str,
    role: Role,
) -> Result<ChangeRoomResponse, Status> {
    let request = SetMemberRoleRequest {
        user_id: by.to_owned(),
        room_id: room.to_owned(),
        member_id: user.to_owned(),
        role: role.into(),
    };
    Ok(rooms.clone().set_member_role(request).await?.into_inner())
}

async fn rename(
    rooms: &Rooms,
    by: &str,
    room: &str,
    name: &str,
) -> Result<ChangeRoomResponse, Status> {
    let request = UpdateRoomRequest {
        user_id: by.to_owned(),
        room_id: room.to_owned(),
        name: Some(name.to_owned()),
        ..UpdateRoomRequest::default()
    };
    Ok(rooms.clone().update_room(request).await?.into_inner())
}

async fn roles(client: &Client, user: &str, room: &str) -> Vec<(String, Role)> {
    let request = ListMembersRequest {
        user_id: user.to_owned(),
        room_id: room.to_owned(),
        limit: 1_000,
        ..ListMembersRequest::default()
    };
    let answer = client
        .clone()
        .list_members(request)
        .await
        .unwrap()
        .into_inner();
    let mut roles: Vec<_> = answer
        .members
        .into_iter()
        .map(|m| (m.user_id.clone(), m.role()))
        .collect();
    roles.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    roles
}

fn kinds(answer: &ChangeRoomResponse) -> Vec<String> {
    let kind = |note: &confab_proto::message::Message| note.note.as_ref().unwrap().kind.clone();
    answer.notes.iter().map(kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_told_in_the_log_and_takes_the_next_number() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let rooms = service.rooms();
    let [ann, ben, cat] = [new_user(), new_user(), new_user()];
    let room = create_group(&service.client, &[ann.clone(), ben.clone()])
        .await
        .id;
    send(&service.client, &ann, &room, "hello").await.unwrap();
    let renamed = rename(&rooms, &ann, &room, " The cellar ").await.unwrap();
    assert_eq!(renamed.room.as_ref().unwrap().name, "The cellar");
    assert_eq!(kinds(&renamed), ["renamed"]);
    assert_eq!((renamed.notes[0].seq, renamed.notes[0].rev), (2, 2));
    assert_eq!(renamed.notes[0].r#type, "system");
    let added = add(&rooms, &ann, &room, &[ben.clone(), cat.clone()])
        .await
        .unwrap();
    assert_eq!((added.added_ids, added.joined_rev), (vec![cat.clone()], 2));
    assert_eq!(added.room.unwrap().member_count, 3);
    assert_eq!(
        add(&rooms, &ann, &room, std::slice::from_ref(&cat))
            .await
            .unwrap()
            .notes,
        []
    );
    let left = remove(&rooms, &cat, &room, &cat).await.unwrap();
    assert_eq!(
        (kinds(&left), left.room),
        (vec!["member_left".to_owned()], None)
    );
    let removed = remove(&rooms, &ann, &room, &ben).await.unwrap();
    assert_eq!(removed.room.unwrap().member_count, 1);
    let history = Actor::new(&service.client, &ann).history(&room).await;
    let seqs: Vec<_> = history.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5]);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_taken_out_can_neither_read_nor_write_and_comes_back_with_nothing_unread() {
    let mongo = Mongo::fresh();
    let [one, other] = Service::start_two(&mongo).await;
    let (rooms, users) = (one.rooms(), new_users(2));
    let room = create_group(&one.client, &users).await.id;
    let message = send_text(&one.client, &users[0], &room, "hello").await;
    // Both replicas know that Ben is a member.
    for service in [&one, &other] {
        Actor::new(&service.client, &users[1])
            .gets(&message.id)
            .await
            .unwrap();
    }
    remove(&rooms, &users[0], &room, &users[1]).await.unwrap();
    let gone = (Code::NotFound, "ROOM_NOT_FOUND".to_owned());
    assert_eq!(
        refusal(send(&one.client, &users[1], &room, "still here").await),
        gone
    );
    eventually("the other replica notices", async || {
        let read = Actor::new(&other.client, &users[1]).gets(&message.id).await;
        read.is_err().then_some(())
    })
    .await;
    add(&rooms, &users[0], &room, &users[1..]).await.unwrap();
    let request = ListRoomsRequest {
        user_id: users[1].clone(),
        ..ListRoomsRequest::default()
    };
    let list = one
        .client
        .clone()
        .list_rooms(request)
        .await
        .unwrap()
        .into_inner();
    // But for the note that they came in.
    assert_eq!((list.rooms[0].unread, list.total_unread), (1, 1));
    one.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_decide_who_may_and_an_owner_who_leaves_has_an_heir() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let rooms = service.rooms();
    let [owner, admin, member] = [new_user(), new_user(), new_user()];
    let room = create_group(
        &service.client,
        &[owner.clone(), member.clone(), admin.clone()],
    )
    .await
    .id;
    let refused = (Code::PermissionDenied, "NOT_ALLOWED".to_owned());
    assert_eq!(refusal(rename(&rooms, &admin, &room, "x").await), refused);
    assert_eq!(
        refusal(add(&rooms, &member, &room, &[new_user()]).await),
        refused
    );
    assert_eq!(
        refusal(set_role(&rooms, &admin, &room, &admin, Role::Owner).await),
        refused
    );
    set_role(&rooms, &owner, &room, &admin, Role::Admin)
        .await
        .unwrap();
    rename(&rooms, &admin, &room, "x").await.unwrap();
    assert_eq!(
        refusal(remove(&rooms, &admin, &room, &owner).await),
        refused
    );
    remove(&rooms, &owner, &room, &owner).await.unwrap();
    let mut expected = vec![(admin.clone(), Role::Owner), (member.clone(), Role::Member)];
    expected.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(roles(&service.client, &admin, &room).await, expected);
    set_role(&rooms, &admin, &room, &member, Role::Owner)
        .await
        .unwrap();
    remove(&rooms, &member, &room, &admin).await.unwrap();
    let stranger = new_user();
    let not_found = (Code::NotFound, "ROOM_NOT_FOUND".to_owned());
    assert_eq!(
        refusal(rename(&rooms, &stranger, &room, "mine").await),
        not_found
    );
    assert_eq!(
        refusal(add(&rooms, &stranger, &room, std::slice::from_ref(&stranger)).await),
        not_found
    );
    assert_eq!(
        refusal(remove(&rooms, &stranger, &room, &member).await),
        not_found
    );
    let nobody = refusal(remove(&rooms, &member, &room, &stranger).await);
    assert_eq!(nobody, (Code::NotFound, "MEMBER_NOT_FOUND".to_owned()));
    let pair: Room = open_pair(&service.client, &owner, &admin)
        .await
        .room
        .unwrap();
    assert_eq!(
        refusal(rename(&rooms, &owner, &pair.id, "us").await),
        refused
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_the_same_people_from_many_sides_at_once_adds_each_once() {
    let mongo = Mongo::fresh();
    let replicas = Service::start_two(&mongo).await;
    let owner = new_user();
    let room = create_group(&replicas[0].client, std::slice::from_ref(&owner))
        .await
        .id;
    let newcomers = new_users(60);
    let mut adding = JoinSet::new();
    for attempt in 0..12 {
        let (rooms, owner, room) = (replicas[attempt % 2].rooms(), owner.clone(), room.clone());
        let some = newcomers[(attempt % 4) * 10..(attempt % 4) * 10 + 30].to_vec();
        adding.spawn(async move { add(&rooms, &owner, &room, &some).await.unwrap() });
    }
    adding.join_all().await;
    let members = roles(&replicas[1].client, &owner, &room).await;
    assert_eq!(members.len(), 61);
    eventually("the count is right", async || {
        let request = ListRoomsRequest {
            user_id: owner.clone(),
            ..ListRoomsRequest::default()
        };
        let list = replicas[0]
            .client
            .clone()
            .list_rooms(request)
            .await
            .unwrap()
            .into_inner();
        (list.rooms[0].member_count == 61).then_some(())
    })
    .await;
    for replica in replicas {
        replica.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_to_be_done_is_done_by_the_next() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await.id;
    let id = |text: &str| -> ObjectId { text.parse().unwrap() };
    let newcomer = new_user();
    let step = doc! {
        "id": ObjectId::new(),
        "by": id(&users[0]),
        "at": DateTime::from_millis(1),
        "act": "add",
        "userIds": [id(&newcomer)],
        "value": "",
    };
    let documents = mongo.open().await.collection::<Document>("rooms");
    let left_behind = doc! { "$push": { "steps": step } };
    documents
        .update_one(doc! { "_id": id(&room) }, left_behind)
        .await
        .unwrap();
    let next = Service::start(&mongo).await;
    eventually("the newcomer is in", async || {
        (roles(&next.client, &users[0], &room).await.len() == 3).then_some(())
    })
    .await;
    eventually("the log says so, once", async || {
        let history = Actor::new(&next.client, &users[0]).history(&room).await;
        let told = history.iter().filter(|m| m.note.is_some()).count();
        (told == 1).then_some(())
    })
    .await;
    next.stop().await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_come_page_by_page_the_last_active_first_with_what_is_unread_and_muted() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(2);
    let mut expected = Vec::new();
    for number in 0..7_usize {
        let room = create_group(&service.client, &users).await.id;
        for message in 0..number {
            send(&service.client, &users[0], &room, &format!("{message}"))
                .await
                .unwrap();
        }
        expected.insert(0, room);
    }
    let mute = MuteRoomRequest {
        user_id: users[1].clone(),
        room_id: expected[0].clone(),
        until_ms: i64::MAX,
    };
    let muted = service
        .rooms()
        .mute_room(mute)
        .await
        .unwrap()
        .into_inner()
        .room
        .unwrap();
    assert_eq!(muted.muted_until_ms, i64::MAX);
    let mut seen = Vec::new();
    let mut request = ListRoomsRequest {
        user_id: users[1].clone(),
        limit: 3,
        ..ListRoomsRequest::default()
    };
    loop {
        let page = service
            .client
            .clone()
            .list_rooms(request.clone())
            .await
            .unwrap()
            .into_inner();
        assert_eq!(page.total_unread, 21);
        seen.extend(page.rooms.into_iter().map(|room| room.id));
        if page.next_cursor.is_empty() {
            break;
        }
        request.cursor = page.next_cursor;
    }
    assert_eq!(seen, expected);
    service.stop().await;
}
