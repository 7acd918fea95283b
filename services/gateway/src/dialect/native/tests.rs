//! What views write is what their schemas say: with all there can be, and with as little as there can be.

mod schema;

use std::collections::HashMap;

use confab_proto::auth::{Device, Session, User};
use confab_proto::event::Sender;
use confab_proto::message::change::What;
use confab_proto::message::{
    Attachment, Change, Head, Member, Message, MessageHidden, Reaction, ReplyPreview, Retention,
    Room, RoomNote, Thread,
};

use self::schema::Described;
use super::room_change::RoomChangeView;
use super::{
    HiddenView, LoginList, MemberPage, MessageView, ReaderPage, RoomView, SyncView, UserView,
};
use crate::room::sync::Page;

const ID: &str = "65f0c0ffee65f0c0ffee65f0";

fn id() -> String {
    ID.to_owned()
}

fn lean_message() -> Message {
    Message {
        id: id(),
        room_id: id(),
        from: id(),
        r#type: "text".to_owned(),
        ..Message::default()
    }
}

fn full_message() -> Message {
    Message {
        seq: 1,
        rev: 2,
        created_at_ms: 1,
        attachments: vec![Attachment {
            media_id: id(),
            url: "https://example.org/a.png".to_owned(),
            width: 1,
            height: 1,
            ..Attachment::default()
        }],
        reply_to: Some(ReplyPreview {
            message_id: id(),
            seq: 1,
            from: id(),
            r#type: "image".to_owned(),
            ..ReplyPreview::default()
        }),
        thread: Some(Thread {
            count: 1,
            last_reply_at_ms: 1,
            last_reply_id: id(),
        }),
        mention_ids: vec![id()],
        reactions: vec![Reaction {
            emoji: "+1".to_owned(),
            count: 1,
            user_ids: vec![id()],
        }],
        edited_at_ms: 1,
        deleted_at_ms: 1,
        pinned_at_ms: 1,
        pinned_by: id(),
        note: Some(note("renamed", "a name")),
        ..lean_message()
    }
}

fn note(kind: &str, value: &str) -> RoomNote {
    RoomNote {
        kind: kind.to_owned(),
        user_ids: vec![id(), id()],
        value: value.to_owned(),
    }
}

fn sender() -> Sender {
    Sender {
        id: id(),
        username: "ada".to_owned(),
        display_name: "Ada".to_owned(),
        avatar_url: "https://example.org/ada.png".to_owned(),
    }
}

fn lean_room() -> Room {
    Room {
        id: id(),
        created_by: id(),
        ..Room::default()
    }
}

fn full_room() -> Room {
    Room {
        name: "a room".to_owned(),
        image_url: "/image".to_owned(),
        created_at_ms: 1,
        head: Some(Head::default()),
        member_ids: vec![id()],
        last_message: Some(full_message()),
        muted_until_ms: 1,
        retention: Some(Retention {
            days: 1,
            messages: 1,
        }),
        ..lean_room()
    }
}

#[test]
fn a_message_is_what_its_schema_says() {
    let (lean, full, sender) = (lean_message(), full_message(), sender());
    Described::of::<MessageView<'_>>().holds(&[
        &MessageView::new(&lean, None),
        &MessageView::new(&full, Some(&sender)),
    ]);
}

#[test]
fn a_room_is_what_its_schema_says() {
    let (lean, full, nobody) = (lean_room(), full_room(), HashMap::new());
    let mut behind = RoomView::new(&full, &nobody);
    behind.resync = true;
    Described::of::<RoomView<'_>>().holds(&[&RoomView::new(&lean, &nobody), &behind]);
}

#[test]
fn a_user_is_what_the_schema_says() {
    let lean = User {
        id: id(),
        username: "ada".to_owned(),
        ..User::default()
    };
    let full = User {
        display_name: "Ada".to_owned(),
        avatar_url: "https://example.org/ada.png".to_owned(),
        created_at_ms: 1,
        last_seen_at_ms: 1,
        email: "ada@example.org".to_owned(),
        bio: "counts".to_owned(),
        ..lean.clone()
    };
    Described::of::<UserView<'_>>().holds(&[&UserView::from(&lean), &UserView::from(&full)]);
}

#[test]
fn what_changed_in_a_room_is_what_its_schema_says() {
    let hidden = MessageHidden {
        user_id: id(),
        message_id: id(),
        room_id: id(),
    };
    Described::of::<HiddenView<'_>>().holds(&[&HiddenView::new(&hidden, 1)]);
    let change = |what| Change {
        rev: 1,
        what: Some(what),
    };
    let page = |resync| Page {
        changes: vec![
            change(What::Message(full_message())),
            change(What::Hidden(hidden.clone())),
        ],
        senders: HashMap::new(),
        head: Head::default(),
        complete_rev: 1,
        resync,
    };
    let (page, resync) = (page(false), page(true));
    Described::of::<SyncView<'_>>().holds(&[&SyncView::from(&page), &SyncView::from(&resync)]);
}

#[test]
fn what_happened_to_a_room_is_what_its_schema_says() {
    let message = full_message();
    let (mut updates, mut members) = (Vec::new(), Vec::new());
    let notes = [
        note("renamed", "a name"),
        note("image_changed", "/image"),
        note("retention_changed", "30/1000"),
        note("created", ""),
        note("members_added", ""),
        note("member_removed", ""),
        note("member_left", ""),
        note("role_changed", "admin"),
    ];
    for note in &notes {
        match RoomChangeView::new(&message, note) {
            RoomChangeView::Updated(view) => updates.push(view),
            RoomChangeView::Member(view) => members.push(view),
        }
    }
    let updates: Vec<_> = updates.iter().collect();
    let members: Vec<_> = members.iter().collect();
    Described::of::<super::UpdatedView<'_>>().holds(&updates);
    Described::of::<super::MemberChangeView<'_>>().holds(&members);
}

#[test]
fn lists_of_people_are_what_their_schemas_say() {
    let (lean, full) = (
        confab_proto::message::ListMembersResponse::default(),
        confab_proto::message::ListMembersResponse {
            members: vec![Member {
                user_id: id(),
                joined_at_ms: 1,
                ..Member::default()
            }],
            next_user_id: id(),
        },
    );
    Described::of::<MemberPage<'_>>().holds(&[&MemberPage::from(&lean), &MemberPage::from(&full)]);

    let readers = confab_proto::message::ListReadersResponse {
        readers: vec![confab_proto::message::Reader {
            user_id: id(),
            ..Default::default()
        }],
        next_user_id: id(),
    };
    Described::of::<ReaderPage<'_>>().holds(&[&ReaderPage::from(&readers)]);

    let session = Session {
        id: id(),
        device: Some(Device::default()),
        ..Session::default()
    };
    Described::of::<LoginList<'_>>().holds(&[&LoginList::new(&[session], ID)]);
}

#[test]
#[should_panic(expected = "emoji")]
fn a_value_of_another_shape_is_noticed() {
    let other = serde_json::json!({ "emoji": 1, "count": 1, "userIds": [] });
    Described::of::<super::message_parts::ReactionView<'_>>().holds(&[&other]);
}

#[test]
#[should_panic(expected = "nobody writes")]
fn a_property_that_nobody_writes_is_noticed() {
    let lean = lean_message();
    Described::of::<MessageView<'_>>().holds(&[&MessageView::new(&lean, None)]);
}
