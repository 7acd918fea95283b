use confab_ids::{RoomId, UserId};
use confab_proto::event::{CursorAdvanced, Sender};
use confab_proto::message::{Message, RoomNote};
use serde_json::{Value, json};

use super::native::PresenceView;
use super::{Dialect, Told};
use crate::media::links::Links;

const ANN: &str = "507f1f77bcf86cd799439011";
const BOB: &str = "507f1f77bcf86cd799439012";
const ROOM: &str = "507f191e810c19729de860ea";

fn user(id: &str) -> UserId {
    id.parse().unwrap()
}

/// What a dialect says of something: the event, its payload, and whether Ann and Bob hear it.
fn said(dialect: &str, told: &Told<'_>) -> Vec<(&'static str, Value, bool, bool)> {
    let packets = Dialect::named(dialect).unwrap().vocabulary().tell(told);
    let read = |packet: &super::Packet| {
        let payload = serde_json::from_str(packet.payload.get()).unwrap();
        let (ann, bob) = (packet.is_for(user(ANN)), packet.is_for(user(BOB)));
        (packet.event, payload, ann, bob)
    };
    packets.iter().map(read).collect()
}

fn message() -> Message {
    Message {
        id: "507f191e810c19729de860eb".to_owned(),
        room_id: ROOM.to_owned(),
        from: ANN.to_owned(),
        content: "Hello!".to_owned(),
        r#type: "text".to_owned(),
        client_message_id: "temp_1".to_owned(),
        rev: 7,
        appended_rev: 7,
        ..Message::default()
    }
}

fn links() -> Links {
    Links::new(std::time::Duration::from_secs(900), String::new())
}

fn told<'a>((message, sender, links): &'a News, is_pair: bool) -> Told<'a> {
    Told::Message {
        message,
        sender: Some(sender),
        pair: is_pair.then(|| [user(ANN), user(BOB)]),
        links,
    }
}

/// A message with its sender, and where what is attached is.
type News = (Message, Sender, Links);

fn news(message: Message) -> News {
    (message, Sender::default(), links())
}

#[test]
fn each_has_a_name_of_its_own_and_a_document() {
    let mut names: Vec<_> = Dialect::all().map(Dialect::name).collect();
    for dialect in Dialect::all() {
        assert_eq!(Dialect::named(dialect.name()), Some(dialect));
        let document = dialect.vocabulary().document();
        assert!(document.contains(dialect.name()), "{dialect:?}");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(
        names,
        ["chatspace", "daylog", "heretics", "native", "social"]
    );
    assert_eq!(Dialect::named("klingon"), None);
}

#[test]
fn a_message_in_a_room_of_two_is_said_by_each_in_its_own_words() {
    let news = news(message());
    let told = told(&news, true);
    // The event, where its text is, and whether Ann, who sent it, and Bob hear it.
    for (dialect, expected) in [
        ("native", vec![("message:receive", "/content", true, true)]),
        ("heretics", vec![("new-message", "/text", true, true)]),
        (
            "daylog",
            vec![("new_message", "/message/content", true, true)],
        ),
        ("chatspace", vec![("newMessage", "/text", false, true)]),
        (
            "social",
            vec![
                ("chat:message", "/message/text", true, false),
                ("chat:message", "/message/text", false, true),
            ],
        ),
    ] {
        let said = said(dialect, &told);
        let heard: Vec<_> = said
            .iter()
            .map(|(event, _, ann, bob)| (*event, *ann, *bob))
            .collect();
        let wanted: Vec<_> = expected
            .iter()
            .map(|(event, _, ann, bob)| (*event, *ann, *bob))
            .collect();
        assert_eq!(heard, wanted, "{dialect}");
        for ((_, payload, ..), (_, place, ..)) in said.iter().zip(expected) {
            assert_eq!(payload.pointer(place), Some(&json!("Hello!")), "{dialect}");
        }
    }
}

#[test]
fn the_senders_own_id_of_a_message_is_for_the_sender_alone() {
    let said = said("social", &told(&news(message()), true));
    assert_eq!(said[0].1["tempId"], "temp_1");
    assert_eq!(said[1].1.get("tempId"), None);
}

#[test]
fn who_is_addressed_by_the_other_one_hears_nothing_of_groups() {
    let news = news(message());
    for (dialect, events) in [
        ("native", 1),
        ("social", 2),
        ("heretics", 1),
        ("chatspace", 0),
        ("daylog", 0),
    ] {
        assert_eq!(
            said(dialect, &told(&news, false)).len(),
            events,
            "{dialect}"
        );
    }
}

#[test]
fn what_the_system_writes_and_what_changes_is_said_where_there_is_a_word_for_it() {
    let note = Message {
        note: Some(RoomNote {
            kind: "renamed".to_owned(),
            ..RoomNote::default()
        }),
        ..message()
    };
    let changed = Message {
        rev: 8,
        ..message()
    };
    for (dialect, of_note, of_change) in [
        (
            "native",
            vec!["message:receive", "room:updated"],
            vec!["message:updated"],
        ),
        ("social", vec![], vec!["chat:update"]),
        ("heretics", vec![], vec![]),
        ("chatspace", vec![], vec![]),
        ("daylog", vec![], vec![]),
    ] {
        let events = |message: &Message| -> Vec<_> {
            let said = said(dialect, &told(&news(message.clone()), true));
            said.into_iter().map(|(event, ..)| event).collect()
        };
        assert_eq!(events(&note), of_note, "{dialect}");
        assert_eq!(events(&changed), of_change, "{dialect}");
    }
}

#[test]
fn typing_is_said_in_the_shapes_of_the_seeds() {
    let typing = |dialect, is_typing| {
        let told = Told::Typing {
            room: ROOM.parse::<RoomId>().unwrap(),
            user: user(ANN),
            is_typing,
            pair: Some([user(ANN), user(BOB)]),
        };
        let said = said(dialect, &told);
        said.into_iter()
            .map(|(event, payload, ..)| (event, payload))
            .next()
    };
    let native = json!({ "roomId": ROOM, "userId": ANN, "isTyping": true });
    assert_eq!(typing("native", true), Some(("typing", native)));
    let social = json!({ "userId": ANN, "isTyping": false });
    assert_eq!(typing("social", false), Some(("chat:typing", social)));
    let heretics = json!({ "userId": ANN, "chatId": ROOM, "isTyping": true });
    assert_eq!(typing("heretics", true), Some(("typing", heretics)));
    let daylog = json!({ "userId": ANN });
    assert_eq!(
        typing("daylog", true),
        Some(("user_typing", daylog.clone()))
    );
    assert_eq!(typing("daylog", false), Some(("user_stop_typing", daylog)));
    assert_eq!(typing("chatspace", true), None);
}

#[test]
fn a_reading_is_said_in_the_shapes_of_the_seeds() {
    let cursor = CursorAdvanced {
        room_id: ROOM.to_owned(),
        user_id: BOB.to_owned(),
        read_seq: 2,
        delivered_seq: 2,
        previous_read_seq: 0,
        at_ms: 1_000,
    };
    let messages = ["m1".to_owned(), "m2".to_owned()];
    let told = Told::Read {
        cursor: &cursor,
        messages: &messages,
        pair: Some([user(ANN), user(BOB)]),
    };
    let social = json!({ "conversationId": ROOM, "messageIds": ["m1", "m2"], "readBy": BOB });
    assert_eq!(said("social", &told), [("chat:read", social, true, true)]);
    let daylog = json!({
        "readerId": BOB, "senderId": ANN, "readAt": "1970-01-01T00:00:01.000Z", "messageIds": ["m1", "m2"],
    });
    assert_eq!(
        said("daylog", &told),
        [("messages_read", daylog, true, true)]
    );
    for silent in ["native", "chatspace", "heretics"] {
        assert_eq!(said(silent, &told), [], "{silent}");
    }
    let status = json!({ "roomId": ROOM, "userId": BOB, "deliveredSeq": 2, "readSeq": 2 });
    let told = Told::Cursor(&cursor);
    assert_eq!(
        said("native", &told),
        [("message:status", status, true, true)]
    );
    for silent in ["social", "chatspace", "heretics", "daylog"] {
        assert_eq!(said(silent, &told), [], "{silent}");
    }
}

#[test]
fn presence_is_said_in_the_shapes_of_the_seeds() {
    let presence = |online| PresenceView {
        user_id: ANN.to_owned(),
        online,
        last_seen: (!online).then(|| "1970-01-01T00:00:01.000Z".to_owned()),
    };
    let said_of = |dialect, online| {
        let presence = presence(online);
        let said = said(dialect, &Told::Presence(&presence));
        said.into_iter()
            .map(|(event, payload, ..)| (event, payload))
            .next()
    };
    let ann = json!({ "userId": ANN });
    for (dialect, online, offline) in [
        ("heretics", "user-online", "user-offline"),
        ("daylog", "user_online", "user_offline"),
    ] {
        assert_eq!(said_of(dialect, true), Some((online, ann.clone())));
        assert_eq!(said_of(dialect, false), Some((offline, ann.clone())));
    }
    assert_eq!(said_of("social", true), Some(("user:online", ann)));
    let gone = json!({ "userId": ANN, "lastSeen": "1970-01-01T00:00:01.000Z" });
    assert_eq!(said_of("social", false), Some(("user:offline", gone)));
    assert_eq!(said_of("chatspace", true), None);

    let online = [ANN.to_owned(), BOB.to_owned()];
    let list = |dialect| said(dialect, &Told::Online(&online));
    assert_eq!(
        list("chatspace"),
        [("getOnlineUsers", json!([ANN, BOB]), true, true)]
    );
    assert_eq!(
        list("daylog"),
        [("online_users", json!([ANN, BOB]), true, true)]
    );
    assert_eq!(
        list("heretics"),
        [("online-users", json!({ "userIds": [ANN, BOB] }), true, true)]
    );
    let each = |id| ("user:online", json!({ "userId": id }), true, true);
    assert_eq!(list("social"), [each(ANN), each(BOB)]);
}

#[test]
fn refusals_are_the_texts_of_the_seeds() {
    use crate::error::Error;
    let says = |dialect| {
        let vocabulary = Dialect::named(dialect).unwrap().vocabulary();
        [
            Error::TokenMissing,
            Error::TokenInvalid("it has expired"),
            Error::UserNotFound,
        ]
        .map(|why| vocabulary.refuse(&why))
    };
    assert_eq!(says("native"), ["Authentication error"; 3]);
    assert_eq!(
        says("social"),
        ["No token provided", "Invalid token", "User not found"]
    );
    let chatspace = ["No token provided", "Invalid token", "User not found"];
    let chatspace = chatspace.map(|text| format!("Authentication error: {text}"));
    assert_eq!(says("chatspace").map(str::to_owned), chatspace);
    assert_eq!(
        says("heretics"),
        ["Unauthorized", "Unauthorized", "User not found!"]
    );
    assert!(says("daylog").iter().all(|text| !text.is_empty()));
}
