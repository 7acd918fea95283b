//! A room as one of its members sees it.

use std::collections::HashMap;

use confab_proto::event::Sender;
use confab_proto::message::{ListMembersResponse, Member, Retention, Role, Room};
use serde::Serialize;
use utoipa::ToSchema;

use super::{MessageView, rfc3339};
use crate::contract::words::{AnyId, MemberRole, Time};

/// A room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Room)]
pub struct RoomView<'a> {
    #[schema(value_type = AnyId)]
    pub id: &'a str,
    #[schema(required)]
    pub name: Option<&'a str>,
    #[schema(required)]
    pub image_url: Option<&'a str>,
    pub is_group: bool,
    #[schema(value_type = AnyId)]
    pub created_by: &'a str,
    #[schema(required, value_type = Option<Time>)]
    pub created_at: Option<String>,
    pub head_rev: i64,
    pub last_seq: i64,
    /// The number of the first message that is kept.
    pub first_seq: i64,
    pub read_seq: i64,
    pub delivered_seq: i64,
    pub unread: i64,
    /// One's own role.
    #[schema(value_type = MemberRole)]
    pub role: &'static str,
    pub muted: bool,
    /// Until when; absent if for ever, or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Time)]
    pub muted_until: Option<String>,
    pub member_count: i32,
    #[schema(value_type = Vec<AnyId>)]
    pub member_ids: &'a [String],
    #[schema(required)]
    pub last_message: Option<MessageView<'a>>,
    /// What the room keeps, if its owner set a bound.
    #[schema(required)]
    pub retention: Option<RetentionView>,
    /// The client named a cursor for this room that is of no use: it reads the history anew.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub resync: bool,
}

impl<'a> RoomView<'a> {
    /// A room, as its message-store shows it to the one who asked.
    pub fn new(room: &'a Room, senders: &'a HashMap<String, Sender>) -> Self {
        let head = room.head.clone().unwrap_or_default();
        Self {
            id: &room.id,
            name: Some(room.name.as_str()).filter(|name| !name.is_empty()),
            image_url: Some(room.image_url.as_str()).filter(|url| !url.is_empty()),
            is_group: room.is_group,
            created_by: &room.created_by,
            created_at: rfc3339(room.created_at_ms),
            head_rev: head.rev,
            last_seq: head.seq,
            first_seq: room.trimmed_seq + 1,
            read_seq: room.read_seq,
            delivered_seq: room.delivered_seq,
            unread: room.unread,
            role: role(room.role()),
            muted: is_muted(room.muted_until_ms),
            muted_until: Some(room.muted_until_ms)
                .filter(|until| *until < FOR_EVER)
                .and_then(rfc3339),
            member_count: room.member_count,
            member_ids: &room.member_ids,
            last_message: room
                .last_message
                .as_ref()
                .map(|message| MessageView::new(message, senders.get(&message.from))),
            retention: room.retention.as_ref().and_then(RetentionView::of),
            resync: false,
        }
    }
}

/// What a room keeps: the messages of so many days, and so many messages; 0 is all.
#[derive(Serialize, ToSchema)]
#[schema(as = RoomRetention)]
pub struct RetentionView {
    pub days: i32,
    pub messages: i64,
}

impl RetentionView {
    fn of(retention: &Retention) -> Option<Self> {
        let Retention { days, messages } = *retention;
        (days != 0 || messages != 0).then_some(Self { days, messages })
    }

    /// As a note tells it: `30/1000`.
    pub fn told(value: &str) -> Option<Self> {
        let (days, messages) = value.split_once('/')?;
        Some(Self {
            days: days.parse().ok()?,
            messages: messages.parse().ok()?,
        })
    }
}

/// What muting for ever is until.
pub const FOR_EVER: i64 = i64::MAX;

const fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Admin => "admin",
        Role::Member | Role::Unspecified => "member",
    }
}

fn is_muted(until_ms: i64) -> bool {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    u128::try_from(until_ms).is_ok_and(|until| until > now.as_millis())
}

/// A user's rooms.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoomList<'a> {
    pub rooms: Vec<RoomView<'a>>,
    /// Over all rooms, not only these.
    pub total_unread: i64,
    /// What to pass as `cursor` for the next page.
    #[schema(required)]
    pub next_cursor: Option<&'a str>,
    pub has_more: bool,
}

/// A member of a room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member)]
pub struct MemberView<'a> {
    #[schema(value_type = AnyId)]
    pub user_id: &'a str,
    #[schema(value_type = MemberRole)]
    pub role: &'static str,
    #[schema(required, value_type = Option<Time>)]
    pub joined_at: Option<String>,
    pub read_seq: i64,
    pub delivered_seq: i64,
}

impl<'a> From<&'a Member> for MemberView<'a> {
    fn from(member: &'a Member) -> Self {
        Self {
            user_id: &member.user_id,
            role: role(member.role()),
            joined_at: rfc3339(member.joined_at_ms),
            read_seq: member.read_seq,
            delivered_seq: member.delivered_seq,
        }
    }
}

/// A page of a room's members.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberPage<'a> {
    pub members: Vec<MemberView<'a>>,
    /// What to pass as `after` for the next page.
    #[schema(required)]
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
