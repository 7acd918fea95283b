//! What callers are answered, from nouns to the wire.

use confab_ids::{RoomId, UserId};
use confab_proto::message as wire;

use crate::log::changes::Changes;
use crate::log::{Appended, Head};
use crate::member::list::Members;
use crate::member::{Member, Role};
use crate::message::Message;
use crate::message::list::Messages;
use crate::receipt::advance::Advanced;
use crate::room::RoomView;
use crate::room::create::Created;

pub fn head(room: RoomId, head: Head) -> wire::Head {
    wire::Head {
        room_id: room.to_string(),
        rev: head.rev,
        seq: head.seq,
    }
}

pub fn message(message: Message) -> wire::Message {
    wire::Message {
        id: message.id.to_string(),
        room_id: message.room.to_string(),
        seq: message.seq,
        rev: message.rev,
        from: message.from.to_string(),
        r#type: message.kind.word().to_owned(),
        content: message.content,
        client_message_id: message.client_message_id,
        created_at_ms: message.created_at_ms,
    }
}

pub fn appended(appended: Appended) -> wire::SendMessageResponse {
    wire::SendMessageResponse {
        message: Some(message(std::sync::Arc::unwrap_or_clone(appended.message))),
        repeated: appended.repeated,
    }
}

pub fn room(view: RoomView) -> wire::Room {
    let member_ids = texts(&view.first_members());
    let RoomView {
        room,
        head: end,
        last_message,
        member,
    } = view;
    wire::Room {
        id: room.id.to_string(),
        name: room.name.as_str().to_owned(),
        is_group: room.is_group,
        created_by: room.created_by.to_string(),
        created_at_ms: room.created_at_ms,
        head: Some(head(room.id, end)),
        member_count: room.member_count,
        member_ids,
        last_message: last_message.map(message),
        read_seq: member.read_seq,
        delivered_seq: member.delivered_seq,
        unread: end.seq - member.read_seq,
        joined_rev: member.joined_rev,
    }
}

pub fn created(created: Created) -> wire::CreateRoomResponse {
    wire::CreateRoomResponse {
        member_ids: texts(&created.members),
        room: Some(room(created.view)),
        created: created.created,
    }
}

pub fn members(page: Members) -> wire::ListMembersResponse {
    wire::ListMembersResponse {
        members: page.members.into_iter().map(member).collect(),
        next_user_id: page.next.map(|user| user.to_string()).unwrap_or_default(),
    }
}

fn member(member: Member) -> wire::Member {
    let role = match member.role {
        Role::Member => wire::Role::Member,
        Role::Admin => wire::Role::Admin,
        Role::Owner => wire::Role::Owner,
    };
    wire::Member {
        user_id: member.user.to_string(),
        role: role.into(),
        joined_at_ms: member.joined_at_ms,
        read_seq: member.read_seq,
        delivered_seq: member.delivered_seq,
    }
}

pub fn messages(room: RoomId, page: Messages) -> wire::ListMessagesResponse {
    wire::ListMessagesResponse {
        has_more: page.next_seq.is_some(),
        next_seq: page.next_seq.unwrap_or_default(),
        messages: page.messages.into_iter().map(message).collect(),
        head: Some(head(room, page.head)),
    }
}

pub fn changes(room: RoomId, changes: Changes) -> wire::ListChangesResponse {
    wire::ListChangesResponse {
        messages: changes.messages.into_iter().map(message).collect(),
        head: Some(head(room, changes.head)),
        complete_rev: changes.complete_rev,
    }
}

pub fn advanced(advanced: Advanced) -> wire::AdvanceCursorResponse {
    wire::AdvanceCursorResponse {
        read_seq: advanced.read_seq,
        delivered_seq: advanced.delivered_seq,
        moved: advanced.moved,
    }
}

fn texts(users: &[UserId]) -> Vec<String> {
    users.iter().map(ToString::to_string).collect()
}
