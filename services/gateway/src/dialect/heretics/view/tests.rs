use confab_proto::event::Sender;
use confab_proto::message::Message;
use serde_json::json;

use crate::media::links::Links;

use super::MessageView;

#[test]
fn a_message_has_its_sender_and_no_address_of_theirs() {
    let message = Message {
        id: "a".to_owned(),
        room_id: "b".to_owned(),
        from: "c".to_owned(),
        content: "hi".to_owned(),
        created_at_ms: 1_000,
        edited_at_ms: 2_000,
        ..Message::default()
    };
    let sender = Sender {
        id: "c".to_owned(),
        username: "ann".to_owned(),
        avatar_url: "https://example.org/a.png".to_owned(),
        ..Sender::default()
    };
    let links = Links::new(std::time::Duration::from_secs(900), String::new());
    let view = MessageView::new(&message, Some(&sender), &links);
    let view = serde_json::to_value(view).unwrap();
    let expected = json!({
        "_id": "a", "chat": "b", "text": "hi",
        "sender": { "_id": "c", "name": "ann", "email": null, "avatar": "https://example.org/a.png" },
        "createdAt": "1970-01-01T00:00:01.000Z",
        "updatedAt": "1970-01-01T00:00:02.000Z",
    });
    assert_eq!(view, expected);
}
