use confab_ids::MediaId;
use confab_proto::event::Sender;
use confab_proto::message::{Attachment, Message, Reaction, ReplyPreview};
use serde_json::json;

use crate::media::links::Links;

use super::MessageView;

fn links() -> Links {
    Links::new(
        std::time::Duration::from_secs(900),
        "https://chat.example.com".to_owned(),
    )
}

#[test]
fn a_new_message_is_the_document_of_the_seed() {
    let message = Message {
        id: "m".to_owned(),
        room_id: "c".to_owned(),
        from: "u".to_owned(),
        r#type: "image".to_owned(),
        content: "look".to_owned(),
        created_at_ms: 1_000,
        attachments: vec![Attachment {
            url: "https://example.org/a.png".to_owned(),
            mime_type: "image/png".to_owned(),
            ..Attachment::default()
        }],
        reply_to: Some(ReplyPreview {
            message_id: "r".to_owned(),
            ..ReplyPreview::default()
        }),
        reactions: vec![Reaction {
            emoji: "+1".to_owned(),
            count: 2,
            user_ids: vec!["a".to_owned(), "b".to_owned()],
        }],
        ..Message::default()
    };
    let sender = Sender {
        username: "ann".to_owned(),
        ..Sender::default()
    };
    let view = serde_json::to_value(MessageView::new(&message, Some(&sender), &links())).unwrap();
    let expected = json!({
        "_id": "m", "conversation": "c",
        "sender": { "_id": "u", "userName": "ann", "profileImage": "" },
        "messageType": "image", "text": "look",
        "mediaUrl": "https://example.org/a.png", "mediaType": "image/png", "thumbnailUrl": null,
        "status": "sent", "readBy": [], "deliveredTo": [], "replyTo": "r",
        "reactions": [{ "user": "a", "emoji": "+1" }, { "user": "b", "emoji": "+1" }],
        "deleted": false, "deletedAt": null,
        "createdAt": "1970-01-01T00:00:01.000Z", "updatedAt": "1970-01-01T00:00:01.000Z",
    });
    assert_eq!(view, expected);
}

#[test]
fn a_deleted_message_says_so_and_nothing_else() {
    let message = Message {
        created_at_ms: 1_000,
        deleted_at_ms: 2_000,
        ..Message::default()
    };
    let view = MessageView::new(&message, None, &links());
    assert!(view.deleted);
    assert_eq!(view.deleted_at, view.updated_at);
    assert_eq!((view.text, view.media_url), ("", None));
}

#[test]
fn an_upload_is_behind_the_door_that_takes_the_cookie() {
    let media = MediaId::generate();
    let message = Message {
        attachments: vec![Attachment {
            media_id: media.to_string(),
            mime_type: "image/png".to_owned(),
            width: 20,
            ..Attachment::default()
        }],
        ..Message::default()
    };
    let view = MessageView::new(&message, None, &links());
    let expected = format!("https://chat.example.com/social/api/media/{media}");
    assert_eq!(view.thumbnail_url, Some(format!("{expected}/thumbnail")));
    assert_eq!(view.media_url, Some(expected));
}
