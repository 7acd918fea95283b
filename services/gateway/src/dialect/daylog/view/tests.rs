use confab_ids::UserId;
use confab_proto::message::Message;
use serde_json::json;

use super::{MessageView, other};

fn message() -> Message {
    Message {
        id: "507f191e810c19729de860ea".to_owned(),
        from: "507f1f77bcf86cd799439011".to_owned(),
        content: "Hello".to_owned(),
        created_at_ms: 1_000,
        ..Message::default()
    }
}

#[test]
fn a_new_message_is_the_document_of_the_seed() {
    let receiver: UserId = "507f1f77bcf86cd799439012".parse().unwrap();
    let view = serde_json::to_value(MessageView::new(&message(), receiver, None)).unwrap();
    let expected = json!({
        "_id": "507f191e810c19729de860ea",
        "sender": "507f1f77bcf86cd799439011",
        "receiver": "507f1f77bcf86cd799439012",
        "content": "Hello",
        "isRead": false,
        "readAt": null,
        "createdAt": "1970-01-01T00:00:01.000Z",
        "updatedAt": "1970-01-01T00:00:01.000Z",
    });
    assert_eq!(view, expected);
}

#[test]
fn a_read_message_says_when() {
    let message = message();
    let view = MessageView::new(&message, UserId::generate(), Some(2_000));
    assert!(view.is_read);
    assert_eq!(view.read_at.as_deref(), Some("1970-01-01T00:00:02.000Z"));
}

#[test]
fn the_receiver_is_the_other_one() {
    let (ann, bob) = (UserId::generate(), UserId::generate());
    assert_eq!(other([ann, bob], &ann.to_string()), Some(bob));
    assert_eq!(other([ann, bob], &bob.to_string()), Some(ann));
    assert_eq!(other([ann, bob], "nobody"), None);
}
