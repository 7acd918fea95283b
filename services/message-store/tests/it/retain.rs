//! What a room keeps no longer is gone, and nothing looks as if it were lost.

use confab_proto::message::list_messages_request::Cursor;
use confab_proto::message::position::At;
use confab_proto::message::{
    ChangeRoomResponse, DeleteFor, ListMessagesRequest, ListMessagesResponse, ListRoomsRequest,
    Position, Retention, Role, Room, SetMemberRoleRequest, UpdateRoomRequest,
};
use confab_testkit::{Mongo, eventually};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use tonic::{Code, Status};

use crate::actor::Actor;
use crate::changes::{changes, messages};
use crate::service::{
    Client, Service, create_group, new_user, new_users, open_pair, refusal, send, send_many, stored,
};

const OFTEN: &str = "--retention-every=50ms";

async fn keep(
    service: &Service,
    by: &str,
    room: &str,
    (days, messages): (i32, i64),
) -> Result<ChangeRoomResponse, Status> {
    let request = UpdateRoomRequest {
        user_id: by.to_owned(),
        room_id: room.to_owned(),
        retention: Some(Retention { days, messages }),
        ..UpdateRoomRequest::default()
    };
    Ok(service.rooms().update_room(request).await?.into_inner())
}

async fn list(client: &Client, user: &str, room: &str, at: Option<At>) -> ListMessagesResponse {
    let request = ListMessagesRequest {
        user_id: user.to_owned(),
        room_id: room.to_owned(),
        limit: 50,
        cursor: at.map(|at| Cursor::After(Position { at: Some(at) })),
    };
    client
        .clone()
        .list_messages(request)
        .await
        .unwrap()
        .into_inner()
}

fn seqs(page: &ListMessagesResponse) -> Vec<i64> {
    page.messages.iter().map(|message| message.seq).collect()
}

async fn room_of(client: &Client, user: &str) -> Room {
    let request = ListRoomsRequest {
        user_id: user.to_owned(),
        ..ListRoomsRequest::default()
    };
    let answer = client.clone().list_rooms(request).await.unwrap();
    answer.into_inner().rooms.remove(0)
}

async fn until(what: &str, mut check: impl AsyncFnMut() -> bool) {
    eventually(what, async || check().await.then_some(())).await;
}

/// The numbers of a room's messages in the store, ascending.
async fn kept(mongo: &Mongo, room: &str) -> Vec<i64> {
    let log = stored(mongo, room).await;
    log.iter()
        .map(|message| message.seq)
        .filter(|seq| *seq > 0)
        .collect()
}

async fn count(mongo: &Mongo, collection: &str, filter: Document) -> u64 {
    let collection = mongo.open().await.collection::<Document>(collection);
    collection.count_documents(filter).await.unwrap()
}

/// Makes the messages up to a number as old as this.
async fn age(mongo: &Mongo, room: &str, last: i64, days: i64) {
    let room: ObjectId = room.parse().unwrap();
    let then = DateTime::from_millis(DateTime::now().timestamp_millis() - days * 86_400_000);
    let database = mongo.open().await;
    let messages = database.collection::<Document>("messages");
    let range = doc! { "roomId": room, "seq": { "$gte": 1, "$lte": last } };
    let set = doc! { "$set": { "createdAt": then } };
    messages.update_many(range, set).await.unwrap();
    let rooms = database.collection::<Document>("rooms");
    let set = doc! { "$set": { "oldestAt": then } };
    rooms.update_one(doc! { "_id": room }, set).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_keeps_as_many_messages_as_its_owner_says() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &[OFTEN]).await;
    let client = &service.client;
    let users = new_users(2);
    let [ann, ben] = [&users[0], &users[1]];
    let room = create_group(client, &users).await;
    let log = send_many(client, ann, &room.id, 30).await;
    let (as_ann, as_ben) = (Actor::new(client, ann), Actor::new(client, ben));
    as_ann.edits(&log[0].id, "of old").await.unwrap();
    as_ben.reacts(&log[28].id, "+1", false).await.unwrap();
    as_ben.deletes(&log[1].id, DeleteFor::Me).await.unwrap();
    let answer = as_ben
        .replies(&log[2], "to what will be gone")
        .await
        .unwrap();

    let told = keep(&service, ann, &room.id, (0, 10)).await.unwrap();

    let note = &told.notes[0];
    assert_eq!(note.note.as_ref().unwrap().kind, "retention_changed");
    assert_eq!(note.note.as_ref().unwrap().value, "0/10");
    let expected: Vec<i64> = (note.seq - 9..=note.seq).collect();
    until("the rest to be gone", async || {
        kept(&mongo, &room.id).await == expected
    })
    .await;
    until("nobody to have hidden it", async || {
        count(&mongo, "hidden", doc! {}).await == 0
    })
    .await;
    until("nothing else to be found", async || {
        count(&mongo, "search", doc! {}).await <= 9
    })
    .await;

    let newest = list(client, ben, &room.id, None).await;
    assert_eq!((seqs(&newest), newest.has_more), (expected.clone(), false));
    let first = list(client, ben, &room.id, Some(At::Seq(0))).await;
    assert_eq!((seqs(&first), first.has_more), (expected, false));
    assert_eq!(
        as_ben.gets(&log[0].id).await.unwrap_err().code(),
        Code::NotFound
    );
    let reply = as_ben
        .gets(&answer.message.unwrap().id)
        .await
        .unwrap()
        .reply_to
        .unwrap();
    assert_eq!((reply.message_id, reply.deleted), (log[2].id.clone(), true));

    let seen = room_of(client, ben).await;
    assert_eq!((seen.unread, seen.trimmed_seq), (10, note.seq - 10));
    assert_eq!(
        seen.retention,
        Some(Retention {
            days: 0,
            messages: 10
        })
    );

    let page = changes(client, &room.id, 0, 0).await;
    assert_eq!(page.trimmed_rev, seen.trimmed_rev);
    assert!(
        page.changes
            .iter()
            .all(|change| change.rev > seen.trimmed_rev)
    );
    assert_eq!(messages(&page).last().unwrap().seq, note.seq);
    let later = changes(client, &room.id, seen.trimmed_rev, 0).await;
    assert_eq!((later.trimmed_rev, later.changes), (0, page.changes));

    let next = send(client, ben, &room.id, "next")
        .await
        .unwrap()
        .message
        .unwrap();
    assert_eq!(next.seq, note.seq + 1);
    until("the next to push one out", async || {
        kept(&mongo, &room.id).await[0] == next.seq - 9
    })
    .await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_room_keeps_only_its_owner_may_change() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(3);
    let room = create_group(&service.client, &users).await.id;
    let lead = SetMemberRoleRequest {
        user_id: users[0].clone(),
        room_id: room.clone(),
        member_id: users[1].clone(),
        role: Role::Admin.into(),
    };
    service.rooms().set_member_role(lead).await.unwrap();

    let not_allowed = (Code::PermissionDenied, "NOT_ALLOWED".to_owned());
    for user in &users[1..] {
        assert_eq!(
            refusal(keep(&service, user, &room, (1, 0)).await),
            not_allowed
        );
    }
    let stranger = keep(&service, &new_user(), &room, (1, 0)).await;
    assert_eq!(
        refusal(stranger),
        (Code::NotFound, "ROOM_NOT_FOUND".to_owned())
    );
    for wrong in [(-1, 0), (36_501, 0), (0, -1), (0, 1_000_000_001)] {
        let answer = keep(&service, &users[0], &room, wrong).await;
        assert_eq!(
            refusal(answer),
            (Code::InvalidArgument, "RETENTION_INVALID".to_owned())
        );
    }
    assert_eq!(
        room_of(&service.client, &users[0]).await.retention,
        Some(Retention::default())
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_old_goes_even_if_nothing_is_left() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &[OFTEN, "--retention-days=7"]).await;
    let (ann, ben) = (new_user(), new_user());
    let room = open_pair(&service.client, &ann, &ben)
        .await
        .room
        .unwrap()
        .id;
    send_many(&service.client, &ann, &room, 20).await;

    age(&mongo, &room, 12, 8).await;
    let expected: Vec<i64> = (13..=20).collect();
    until("twelve to be gone", async || {
        kept(&mongo, &room).await == expected
    })
    .await;

    age(&mongo, &room, 20, 8).await;
    until("all to be gone", async || {
        kept(&mongo, &room).await.is_empty()
    })
    .await;
    // Another replica knows of the log only what the store says.
    let other = Service::start(&mongo).await;
    let seen = room_of(&other.client, &ben).await;
    assert_eq!((seen.head.clone().unwrap().seq, seen.unread), (20, 0));
    assert_eq!(
        seqs(&list(&other.client, &ben, &room, None).await),
        Vec::<i64>::new()
    );
    let next = send(&other.client, &ben, &room, "anew")
        .await
        .unwrap()
        .message
        .unwrap();
    assert_eq!((next.seq, next.rev), (21, 21));
    other.stop().await;
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_half_taken_away_is_taken_away_when_the_room_moves() {
    let mongo = Mongo::fresh();
    let (ann, ben) = (new_user(), new_user());
    let before = Service::start(&mongo).await;
    let room = open_pair(&before.client, &ann, &ben).await.room.unwrap().id;
    send_many(&before.client, &ann, &room, 600).await;
    before.stop().await;
    let rooms = mongo.open().await.collection::<Document>("rooms");
    let one = doc! { "_id": room.parse::<ObjectId>().unwrap() };
    let mark = doc! { "$set": { "trimmed": { "rev": 590_i64, "seq": 590_i64, "goneRev": 3_i64 } } };
    rooms.update_one(one, mark).await.unwrap();

    let service = Service::start_with(&mongo, &[OFTEN]).await;
    send(&service.client, &ann, &room, "moves").await.unwrap();

    // The first three stay as they were: it goes on from where it was.
    let expected: Vec<i64> = (1..=3).chain(591..=601).collect();
    until("the rest to be gone", async || {
        kept(&mongo, &room).await == expected
    })
    .await;
    service.stop().await;
}
