//! A room as one of its members sees it.

use std::collections::HashMap;

use confab_proto::event::Sender;
use confab_proto::message::{Head, ListMembersResponse, Member, Role, Room};
use serde::Serialize;

use super::{MessageView, rfc3339};

/// A room.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomView<'a> {
    pub id: &'a str,
    pub name: Option<&'a str>,
    pub is_group: bool,
    pub created_by: &'a str,
    pub created_at: Option<String>,
    pub head_rev: i64,
    pub last_seq: i64,
    pub read_seq: i64,
    pub delivered_seq: i64,
    pub unread: i64,
    pub member_count: i32,
    pub member_ids: &'a [String],
    pub last_message: Option<MessageView<'a>>,
    /// The client named a cursor for this room that is of no use: it reads the history anew.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub resync: bool,
}

impl<'a> RoomView<'a> {
    /// A room whose log is shown up to `head`.
    pub fn up_to(room: &'a Room, head: &Head, senders: &'a HashMap<String, Sender>) -> Self {
        Self {
            id: &room.id,
            name: Some(room.name.as_str()).filter(|name| !name.is_empty()),
            is_group: room.is_group,
            created_by: &room.created_by,
            created_at: rfc3339(room.created_at_ms),
            head_rev: head.rev,
            last_seq: head.seq,
            read_seq: room.read_seq,
            delivered_seq: room.delivered_seq,
            unread: (head.seq - room.read_seq).max(0),
            member_count: room.member_count,
            member_ids: &room.member_ids,
            last_message: room
                .last_message
                .as_ref()
                .map(|message| MessageView::new(message, senders.get(&message.from))),
            resync: false,
        }
    }

    /// A room with all of its log.
    pub fn new(room: &'a Room, senders: &'a HashMap<String, Sender>) -> Self {
        Self::up_to(room, &room.head.clone().unwrap_or_default(), senders)
    }
}

/// A user's rooms.
#[derive(Serialize)]
pub struct RoomList<'a> {
    pub rooms: Vec<RoomView<'a>>,
}

/// A member of a room.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberView<'a> {
    pub user_id: &'a str,
    pub role: &'static str,
    pub joined_at: Option<String>,
    pub read_seq: i64,
    pub delivered_seq: i64,
}

impl<'a> From<&'a Member> for MemberView<'a> {
    fn from(member: &'a Member) -> Self {
        Self {
            user_id: &member.user_id,
            role: match member.role() {
                Role::Owner => "owner",
                Role::Admin => "admin",
                Role::Member | Role::Unspecified => "member",
            },
            joined_at: rfc3339(member.joined_at_ms),
            read_seq: member.read_seq,
            delivered_seq: member.delivered_seq,
        }
    }
}

/// A page of a room's members.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberPage<'a> {
    pub members: Vec<MemberView<'a>>,
    /// What to pass as `after` for the next page.
    pub next_cursor: Option<&'a str>,
}

impl<'a> From<&'a ListMembersResponse> for MemberPage<'a> {
    fn from(page: &'a ListMembersResponse) -> Self {
        Self {
            members: page.members.iter().map(MemberView::from).collect(),
            next_cursor: Some(page.next_user_id.as_str()).filter(|cursor| !cursor.is_empty()),
        }
    }
}
