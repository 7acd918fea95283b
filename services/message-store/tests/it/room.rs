//! Rooms: opened once by two, created by one for many, seen by their members.

use confab_proto::message::{
    AdvanceCursorRequest, CreateRoomRequest, Cursor, GetRoomRequest, Head, ListMembersRequest,
    ListRoomsRequest, Role, Room,
};
use confab_testkit::Mongo;
use mongodb::bson::{Document, doc, oid::ObjectId};
use tokio::task::JoinSet;

use crate::service::{
    Client, Service, create_group, new_user, new_users, open_pair, send, send_many,
};

async fn see(client: &Client, user: &str, room: &str) -> Room {
    let request = GetRoomRequest {
        user_id: user.to_owned(),
        room_id: room.to_owned(),
    };
    client
        .clone()
        .get_room(request)
        .await
        .unwrap()
        .into_inner()
        .room
        .unwrap()
}

async fn list(client: &Client, user: &str, limit: i32) -> Vec<Room> {
    let request = ListRoomsRequest {
        user_id: user.to_owned(),
        limit,
        ..ListRoomsRequest::default()
    };
    client
        .clone()
        .list_rooms(request)
        .await
        .unwrap()
        .into_inner()
        .rooms
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_room_of_two_is_empty_and_names_the_other_first() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let (ann, ben) = (new_user(), new_user());

    let opened = open_pair(&service.client, &ann, &ben).await;

    assert!(opened.created);
    assert_eq!(opened.member_ids, [ann.clone(), ben.clone()]);
    let room = opened.room.unwrap();
    assert!(!room.is_group);
    assert_eq!(room.name, "");
    assert_eq!(room.created_by, ann);
    assert_eq!(room.member_count, 2);
    assert_eq!(room.member_ids, [ben.clone(), ann.clone()]);
    assert_eq!(
        room.head,
        Some(Head {
            room_id: room.id.clone(),
            rev: 0,
            seq: 0
        })
    );
    assert_eq!(room.last_message, None);
    assert_eq!(
        (
            room.read_seq,
            room.delivered_seq,
            room.unread,
            room.joined_rev
        ),
        (0, 0, 0, 0)
    );
    assert_eq!(see(&service.client, &ann, &room.id).await, room);
    assert_eq!(
        see(&service.client, &ben, &room.id).await.member_ids,
        [ann, ben]
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_have_one_room_whoever_opens_it_and_as_often_as_they_like() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&service.client, &ann, &ben).await.room.unwrap();
    let sent = send_many(&service.client, &ann, &room.id, 3).await;

    for (creator, other) in [(&ben, &ann), (&ann, &ben)] {
        let opened = open_pair(&service.client, creator, other).await;
        assert!(!opened.created);
        let mut members = opened.member_ids;
        members.sort_unstable();
        let mut both = vec![ann.clone(), ben.clone()];
        both.sort_unstable();
        assert_eq!(members, both);
        let again = opened.room.unwrap();
        assert_eq!(again.id, room.id);
        assert_eq!(again.created_by, ann);
        assert_eq!(again.last_message.as_ref(), sent.last());
        assert_eq!(again.unread, 3);
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_open_their_room_at_once_on_two_replicas_get_the_same_one() {
    let mongo = Mongo::fresh();
    let replicas = Service::start_two(&mongo).await;
    let (ann, ben) = (new_user(), new_user());

    let mut openers = JoinSet::new();
    for number in 0..40 {
        let client = replicas[number % 2].client.clone();
        let mut two = [ann.clone(), ben.clone()];
        two.rotate_left(number / 2 % 2);
        openers.spawn(async move { open_pair(&client, &two[0], &two[1]).await });
    }
    let opened = openers.join_all().await;

    assert_eq!(opened.iter().filter(|answer| answer.created).count(), 1);
    let room = opened[0].room.as_ref().unwrap();
    assert!(
        opened
            .iter()
            .all(|answer| answer.room.as_ref().unwrap().id == room.id)
    );
    let database = mongo.open().await;
    let count = async |name| {
        database
            .collection::<Document>(name)
            .count_documents(doc! {})
            .await
    };
    assert_eq!(count("rooms").await.unwrap(), 1);
    assert_eq!(count("members").await.unwrap(), 2);
    for user in [&ann, &ben] {
        assert_eq!(list(&replicas[0].client, user, 0).await.len(), 1);
    }
    for replica in replicas {
        replica.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_that_broke_off_is_not_seen_and_is_finished_by_the_next() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&service.client, &ann, &ben).await.room.unwrap();
    let id: ObjectId = room.id.parse().unwrap();
    let database = mongo.open().await;
    let (rooms, members) = (
        database.collection::<Document>("rooms"),
        database.collection::<Document>("members"),
    );

    // After how many members it broke off.
    for stored in 0..=2 {
        rooms.delete_one(doc! { "_id": id }).await.unwrap();
        for _ in stored..2 {
            members.delete_one(doc! { "roomId": id }).await.unwrap();
        }
        // A replica that has not seen the room before.
        let fresh = Service::start(&mongo).await;
        for user in [&ann, &ben] {
            assert_eq!(list(&fresh.client, user, 0).await, []);
            assert!(send(&fresh.client, user, &room.id, "lost?").await.is_err());
        }
        let opened = open_pair(&fresh.client, &ben, &ann).await;
        assert!(opened.created, "after {stored} members");
        assert_eq!(opened.room.unwrap().id, room.id);
        for user in [&ann, &ben] {
            assert_eq!(
                list(&fresh.client, user, 0).await.len(),
                1,
                "after {stored} members"
            );
            send(&fresh.client, user, &room.id, &format!("after {stored}"))
                .await
                .unwrap();
        }
        fresh.stop().await;
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_has_an_owner_and_its_first_ten_members_are_named() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(25);
    let request = CreateRoomRequest {
        creator_id: users[0].clone(),
        name: "  Lunch  ".to_owned(),
        is_group: true,
        // The creator may be among them, and nobody is in it twice.
        member_ids: users.iter().chain(&users[1..3]).cloned().collect(),
    };

    let created = service
        .client
        .clone()
        .create_room(request)
        .await
        .unwrap()
        .into_inner();

    assert!(created.created);
    assert_eq!(created.member_ids, users);
    let room = created.room.unwrap();
    assert_eq!(
        (room.name.as_str(), room.is_group, room.member_count),
        ("Lunch", true, 25)
    );
    assert_eq!(room.member_ids, users[..10]);

    let mut listed = Vec::new();
    let mut after = String::new();
    loop {
        let request = ListMembersRequest {
            user_id: users[7].clone(),
            room_id: room.id.clone(),
            limit: 10,
            after_user_id: after,
        };
        let page = service
            .client
            .clone()
            .list_members(request)
            .await
            .unwrap()
            .into_inner();
        assert!(page.members.len() <= 10);
        listed.extend(page.members);
        after = page.next_user_id;
        if after.is_empty() {
            break;
        }
    }
    let mut sorted = users.clone();
    sorted.sort_unstable();
    assert_eq!(
        listed
            .iter()
            .map(|member| member.user_id.clone())
            .collect::<Vec<_>>(),
        sorted
    );
    for member in &listed {
        let owner = member.user_id == users[0];
        assert_eq!(
            member.role(),
            if owner { Role::Owner } else { Role::Member }
        );
        assert_eq!(member.joined_at_ms, room.created_at_ms);
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_of_a_thousand_can_be_created_and_listed() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(1_000);
    let room = create_group(&service.client, &users).await;
    assert_eq!(room.member_count, 1_000);
    let request = ListMembersRequest {
        user_id: users[999].clone(),
        room_id: room.id,
        limit: 1_000,
        after_user_id: String::new(),
    };
    let page = service
        .client
        .clone()
        .list_members(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (page.members.len(), page.next_user_id.as_str()),
        (1_000, "")
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_listed_the_most_recently_active_first_with_exact_heads_of_any_replica() {
    let mongo = Mongo::fresh();
    let [one, other] = Service::start_two(&mongo).await;
    let ann = new_user();
    let mut rooms = Vec::new();
    for _ in 0..30 {
        rooms.push(
            open_pair(&one.client, &ann, &new_user())
                .await
                .room
                .unwrap()
                .id,
        );
    }
    // Both replicas know all rooms, then the log goes on in one of them.
    for client in [&one.client, &other.client] {
        assert_eq!(list(client, &ann, 0).await.len(), 30);
    }
    let mut sent = Vec::new();
    for room in &rooms[..10] {
        sent.push(send_many(&one.client, &ann, room, 2).await.pop().unwrap());
    }
    let read = AdvanceCursorRequest {
        user_id: ann.clone(),
        room_id: rooms[9].clone(),
        cursor: Cursor::Read.into(),
        seq: 1,
        message_id: String::new(),
    };
    one.client.clone().advance_cursor(read).await.unwrap();

    let listed = list(&other.client, &ann, 0).await;

    assert_eq!(listed.len(), 30);
    let active = |room: &Room| {
        room.last_message
            .as_ref()
            .map_or(room.created_at_ms, |last| last.created_at_ms)
    };
    assert!(listed.is_sorted_by_key(|room| std::cmp::Reverse(active(room))));
    for (room, last) in rooms.iter().zip(&sent) {
        let room = listed.iter().find(|listed| listed.id == *room).unwrap();
        assert_eq!(
            room.head.as_ref().map(|head| (head.rev, head.seq)),
            Some((2, 2))
        );
        assert_eq!(room.last_message.as_ref(), Some(last));
        assert_eq!(room.unread, 2 - room.read_seq);
    }
    assert_eq!(listed.iter().map(|room| room.read_seq).sum::<i64>(), 1);
    assert!(listed[10..].iter().all(|room| room.last_message.is_none()));

    let newest = list(&one.client, &ann, 3).await;
    assert_eq!(newest, listed[..3]);
    one.stop().await;
    other.stop().await;
}
