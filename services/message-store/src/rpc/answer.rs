//! What callers are answered, from nouns to the wire.

pub mod message;

use confab_ids::{RoomId, UserId};
use confab_proto::message as wire;

use crate::log::Head;
use crate::member::list::Members;
use crate::member::{Member, Role};
use crate::message::preview::Previews;
use crate::receipt::advance::Advanced;
use crate::receipt::{Move, Reader, Receipts};
use crate::room::RoomView;
use crate::room::create::Created;

pub fn head(room: RoomId, head: Head) -> wire::Head {
    wire::Head {
        room_id: room.to_string(),
        rev: head.rev,
        seq: head.seq,
    }
}

pub fn room(view: RoomView) -> wire::Room {
    let member_ids = texts(&view.first_members());
    let unread = view.unread();
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
        // What it answers is not shown in a list of rooms.
        last_message: last_message.map(|last| message::message(last, &Previews::new())),
        read_seq: member.read_seq,
        delivered_seq: member.delivered_seq,
        unread,
        joined_rev: member.joined_rev,
        image_url: room.image.as_str().to_owned(),
        role: role(member.role).into(),
        muted_until_ms: member.muted_until_ms,
        retention: Some(wire::Retention {
            days: room.retention.days,
            messages: room.retention.messages,
        }),
        trimmed_seq: room.trimmed.seq,
        trimmed_rev: room.trimmed.rev,
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

const fn role(role: Role) -> wire::Role {
    match role {
        Role::Member => wire::Role::Member,
        Role::Admin => wire::Role::Admin,
        Role::Owner => wire::Role::Owner,
    }
}

fn member(member: Member) -> wire::Member {
    wire::Member {
        user_id: member.user.to_string(),
        role: role(member.role).into(),
        joined_at_ms: member.joined_at_ms,
        read_seq: member.read_seq,
        delivered_seq: member.delivered_seq,
    }
}

pub fn advanced(advanced: Advanced) -> wire::AdvanceCursorResponse {
    wire::AdvanceCursorResponse {
        read_seq: advanced.read_seq,
        delivered_seq: advanced.delivered_seq,
        moved: advanced.moved,
        fan_out: advanced.fan_out,
        previous_read_seq: advanced.previous_read_seq,
    }
}

pub fn receipts(receipts: Vec<Receipts>) -> wire::ListReceiptsResponse {
    let moves = |moves: Vec<Move>| {
        let moves = moves.into_iter().map(|one| wire::Move {
            seq: one.seq,
            at_ms: one.at_ms,
        });
        moves.collect()
    };
    let members = receipts.into_iter().map(|receipts| wire::Receipts {
        user_id: receipts.user.to_string(),
        delivered: moves(receipts.delivered),
        read: moves(receipts.read),
    });
    wire::ListReceiptsResponse {
        members: members.collect(),
    }
}

fn texts(users: &[UserId]) -> Vec<String> {
    users.iter().map(ToString::to_string).collect()
}

pub fn readers(readers: &[Reader], next: Option<UserId>) -> wire::ListReadersResponse {
    let reader = |reader: &Reader| wire::Reader {
        user_id: reader.user.to_string(),
        delivered_at_ms: reader.delivered_at_ms,
        read_at_ms: reader.read_at_ms,
    };
    wire::ListReadersResponse {
        readers: readers.iter().map(reader).collect(),
        next_user_id: next.map(|user| user.to_string()).unwrap_or_default(),
    }
}
