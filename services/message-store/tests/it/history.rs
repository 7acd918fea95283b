//! History, page by page, in both directions, from a number, a message or a time.

use std::time::{Duration, Instant};

use confab_proto::message::list_messages_request::Cursor;
use confab_proto::message::position::At;
use confab_proto::message::{ListMessagesRequest, ListMessagesResponse, Message, Position};
use confab_testkit::Mongo;
use mongodb::bson::{DateTime, Document, doc, oid::ObjectId};

use crate::service::{Client, Service, new_user, open_pair, send_many};

/// A room with a log, and one of its members.
struct Chat {
    client: Client,
    user: String,
    room: String,
    log: Vec<Message>,
}

impl Chat {
    async fn of(service: &Service, length: usize) -> Self {
        let (user, other) = (new_user(), new_user());
        let room = open_pair(&service.client, &user, &other)
            .await
            .room
            .unwrap()
            .id;
        let log = send_many(&service.client, &user, &room, length).await;
        Self {
            client: service.client.clone(),
            user,
            room,
            log,
        }
    }

    async fn page(&self, limit: i32, cursor: Option<Cursor>) -> ListMessagesResponse {
        let request = ListMessagesRequest {
            user_id: self.user.clone(),
            room_id: self.room.clone(),
            limit,
            cursor,
        };
        self.client
            .clone()
            .list_messages(request)
            .await
            .unwrap()
            .into_inner()
    }

    async fn before(&self, limit: i32, at: At) -> ListMessagesResponse {
        self.page(limit, Some(Cursor::Before(Position { at: Some(at) })))
            .await
    }

    async fn around(&self, limit: i32, at: At) -> ListMessagesResponse {
        self.page(limit, Some(Cursor::Around(Position { at: Some(at) })))
            .await
    }

    async fn after(&self, limit: i32, at: At) -> ListMessagesResponse {
        self.page(limit, Some(Cursor::After(Position { at: Some(at) })))
            .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_without_messages_has_an_empty_history() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let chat = Chat::of(&service, 0).await;
    let pages = [
        chat.page(0, None).await,
        chat.before(0, At::Seq(1)).await,
        chat.after(0, At::Seq(0)).await,
        chat.before(0, At::TimeMs(i64::MAX)).await,
        chat.after(0, At::TimeMs(i64::MIN)).await,
    ];
    for page in pages {
        assert_eq!(
            (page.messages, page.has_more, page.next_seq),
            (vec![], false, 0)
        );
        assert_eq!(page.head.map(|head| (head.rev, head.seq)), Some((0, 0)));
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_page_has_fifty_messages_unless_asked_otherwise() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let chat = Chat::of(&service, 60).await;

    let usual = chat.page(0, None).await;
    assert_eq!(usual.messages, chat.log[10..]);
    assert_eq!((usual.has_more, usual.next_seq), (true, 11));
    assert_eq!(usual.head.map(|head| (head.rev, head.seq)), Some((60, 60)));

    let all = chat.page(60, None).await;
    assert_eq!(all.messages, chat.log);
    assert_eq!((all.has_more, all.next_seq), (false, 0));
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_either_direction_make_up_the_whole_log() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let chat = Chat::of(&service, 47).await;

    let mut back = Vec::new();
    let mut page = chat.page(10, None).await;
    loop {
        back.splice(0..0, page.messages);
        assert_eq!(page.has_more, page.next_seq != 0);
        if !page.has_more {
            break;
        }
        page = chat.before(10, At::Seq(page.next_seq)).await;
    }
    assert_eq!(back, chat.log);

    let mut forth = Vec::new();
    let mut page = chat.after(10, At::Seq(0)).await;
    loop {
        forth.extend(page.messages);
        assert_eq!(page.has_more, page.next_seq != 0);
        if !page.has_more {
            break;
        }
        page = chat.after(10, At::Seq(page.next_seq)).await;
    }
    assert_eq!(forth, chat.log);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_ends_before_or_begins_after_a_message() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let chat = Chat::of(&service, 30).await;
    let middle = || At::MessageId(chat.log[14].id.clone());

    assert_eq!(chat.before(5, middle()).await.messages, chat.log[9..14]);
    assert_eq!(chat.after(5, middle()).await.messages, chat.log[15..20]);
    assert_eq!(
        chat.before(5, At::MessageId(chat.log[0].id.clone()))
            .await
            .messages,
        []
    );
    let last = chat.after(5, At::MessageId(chat.log[29].id.clone())).await;
    assert_eq!((last.messages, last.has_more), (vec![], false));
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_beyond_the_ends_is_one_at_the_end() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let chat = Chat::of(&service, 12).await;

    assert_eq!(
        chat.before(5, At::Seq(i64::MAX)).await.messages,
        chat.log[7..]
    );
    assert_eq!(chat.before(5, At::Seq(13)).await.messages, chat.log[7..]);
    assert_eq!(chat.before(5, At::Seq(0)).await.messages, []);
    assert_eq!(chat.before(5, At::Seq(1)).await.messages, []);
    assert_eq!(chat.before(5, At::Seq(3)).await.messages, chat.log[..2]);
    assert_eq!(chat.after(5, At::Seq(i64::MAX)).await.messages, []);
    assert_eq!(chat.after(5, At::Seq(12)).await.messages, []);
    let end = chat.after(5, At::Seq(10)).await;
    assert_eq!(
        (end.messages, end.has_more, end.next_seq),
        (chat.log[10..].to_vec(), false, 0)
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_ends_before_or_begins_after_a_time() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let mut chat = Chat::of(&service, 100).await;
    // Two messages in each tenth of a second, long ago.
    let start = 1_700_000_000_000_i64;
    let messages = mongo.open().await.collection::<Document>("messages");
    for message in &mut chat.log {
        message.created_at_ms = start + (message.seq - 1) / 2 * 100;
        let id: ObjectId = message.id.parse().unwrap();
        let time = DateTime::from_millis(message.created_at_ms);
        messages
            .update_one(doc! { "_id": id }, doc! { "$set": { "createdAt": time } })
            .await
            .unwrap();
    }

    for (time, before, after) in [
        (i64::MIN, 0, 0),
        (start - 1, 0, 0),
        (start, 0, 2),
        (start + 1, 2, 2),
        (start + 100, 2, 4),
        (start + 2_449, 50, 50),
        (start + 2_500, 50, 52),
        (start + 4_900, 98, 100),
        (start + 4_901, 100, 100),
        (i64::MAX, 100, 100),
    ] {
        // How many messages are before, and how many are not after.
        let (before, after): (usize, usize) = (before, after);
        let page = chat.before(7, At::TimeMs(time)).await.messages;
        assert_eq!(
            page,
            chat.log[before.saturating_sub(7)..before],
            "before {time}"
        );
        let page = chat.after(7, At::TimeMs(time)).await.messages;
        assert_eq!(page, chat.log[after..(after + 7).min(100)], "after {time}");
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_long_log_costs_no_more_than_one_of_a_short_log() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let chat = Chat::of(&service, 0).await;
    let room: ObjectId = chat.room.parse().unwrap();
    let from: ObjectId = chat.user.parse().unwrap();
    let length = 20_000_i64;
    let database = mongo.open().await;
    for chunk in (1..=length).collect::<Vec<_>>().chunks(1_000) {
        let documents = chunk.iter().map(|number| {
            doc! {
                "roomId": room, "seq": number, "rev": number, "from": from, "type": "text",
                "content": "long ago", "clientMessageId": format!("old{number}"),
                "createdAt": DateTime::from_millis(*number * 1_000),
            }
        });
        database
            .collection::<Document>("messages")
            .insert_many(documents)
            .await
            .unwrap();
    }
    let hint = doc! { "$set": { "headHint": { "rev": length, "seq": length } } };
    database
        .collection::<Document>("rooms")
        .update_one(doc! { "_id": room }, hint)
        .await
        .unwrap();

    // Side by side with a room of one page, so that a busy machine slows both.
    let short = Chat::of(&service, 50).await;
    let (mut long_took, mut short_took) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let started = Instant::now();
        let newest = chat.page(50, None).await;
        assert_eq!(
            newest.messages.first().map(|message| message.seq),
            Some(length - 49)
        );
        let start = chat.after(50, At::Seq(0)).await;
        assert_eq!(start.messages.last().map(|message| message.seq), Some(50));
        let middle = chat.before(50, At::TimeMs(length / 2 * 1_000)).await;
        assert_eq!(
            middle.messages.last().map(|message| message.seq),
            Some(length / 2 - 1)
        );
        long_took.push(started.elapsed());

        let started = Instant::now();
        for page in [
            short.page(50, None).await,
            short.after(50, At::Seq(0)).await,
        ] {
            assert_eq!(page.messages, short.log);
        }
        short.before(50, At::TimeMs(i64::MAX)).await;
        short_took.push(started.elapsed());
    }
    // Reading the whole room would take a hundred times as long; the search by time takes some looks.
    let (long, short) = (median(long_took), median(short_took));
    assert!(long < short * 8, "{long:?} against {short:?}");
    service.stop().await;
}

/// What it mostly took: a machine that stalls once does not change it.
fn median(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[took.len() / 2]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_around_a_message_has_it_in_its_middle_and_goes_on_both_ways() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let chat = Chat::of(&service, 30).await;
    let middle = At::MessageId(chat.log[14].id.clone());
    // Where around, how long, what is seen, and from where to go back and on.
    let cases = [
        (middle, 5, 13..=17, (13, 17)),
        (At::Seq(15), 4, 13..=16, (13, 16)),
        (At::Seq(1), 5, 1..=5, (0, 5)),
        (At::Seq(30), 5, 28..=30, (28, 0)),
        (At::Seq(99), 5, 28..=30, (28, 0)),
        (At::TimeMs(0), 50, 1..=30, (0, 0)),
    ];
    for (at, limit, seen, (previous, next)) in cases {
        let page = chat.around(limit, at.clone()).await;
        let seqs: Vec<i64> = page.messages.iter().map(|message| message.seq).collect();
        assert_eq!(seqs, seen.collect::<Vec<_>>(), "{at:?}");
        assert_eq!(
            (page.previous_seq, page.next_seq),
            (previous, next),
            "{at:?}"
        );
    }
    service.stop().await;
}
