use confab_ids::UserId;
use confab_proto::auth::User;
use confab_proto::message::{Attachment, Message};
use serde_json::json;

use crate::media::links::Links;

use super::{MessageView, UserView};

fn links() -> Links {
    Links::new(std::time::Duration::from_secs(900), String::new())
}

#[test]
fn a_message_shows_its_first_picture() {
    let attachment = |mime_type: &str, url: &str| Attachment {
        mime_type: mime_type.to_owned(),
        url: url.to_owned(),
        ..Attachment::default()
    };
    let message = Message {
        id: "a".to_owned(),
        from: "b".to_owned(),
        content: "look".to_owned(),
        attachments: vec![
            attachment("text/plain", "https://x/1"),
            attachment("image/png", "https://x/2"),
        ],
        created_at_ms: 1_000,
        ..Message::default()
    };
    let receiver: UserId = "507f1f77bcf86cd799439012".parse().unwrap();
    let view = MessageView::new(&message, (receiver, true), (receiver, &links()));
    let view = serde_json::to_value(view).unwrap();
    let expected = json!({
        "_id": "a", "senderId": "b", "receiverId": "507f1f77bcf86cd799439012",
        "text": "look", "image": "https://x/2", "seen": true,
        "createdAt": "1970-01-01T00:00:01.000Z", "updatedAt": "1970-01-01T00:00:01.000Z",
    });
    assert_eq!(view, expected);
}

#[test]
fn who_has_set_no_name_is_called_by_the_username() {
    let user = User {
        username: "ann".to_owned(),
        ..User::default()
    };
    assert_eq!(UserView::new(&user, &links()).full_name, "ann");
    let user = User {
        display_name: "Ann Lee".to_owned(),
        ..user
    };
    assert_eq!(UserView::new(&user, &links()).full_name, "Ann Lee");
}
