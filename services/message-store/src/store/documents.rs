//! Documents as they are stored, and the way to and from the nouns.

use confab_ids::{RoomId, UserId};
use mongodb::bson::DateTime;
use mongodb::bson::oid::ObjectId;
use serde::{Deserialize, Serialize};

use crate::log::{Head, Trimmed};
use crate::member::{Member, Role};
use crate::room::{ImageUrl, Retention, Room, RoomName};

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomDocument {
    #[serde(rename = "_id")]
    pub id: ObjectId,
    pub name: String,
    pub is_group: bool,
    pub created_by: ObjectId,
    pub created_at: DateTime,
    pub member_count: i32,
    pub first_member_ids: Vec<ObjectId>,
    #[serde(default)]
    pub image_url: String,
    pub head_hint: HeadDocument,
    pub last_activity_at: DateTime,
    /// When the first message that is kept was created, or earlier.
    pub oldest_at: DateTime,
    #[serde(default)]
    pub retention: RetentionDocument,
    #[serde(default)]
    pub trimmed: TrimmedDocument,
}

/// What a room keeps, and when that is looked at; `dueAt` is for the store alone.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetentionDocument {
    pub days: i32,
    pub messages: i64,
    pub due_at: Option<DateTime>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TrimmedDocument {
    pub rev: i64,
    pub seq: i64,
    pub gone_rev: i64,
}

#[derive(Debug, Deserialize, Serialize)]
pub struct HeadDocument {
    pub rev: i64,
    pub seq: i64,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberDocument {
    pub room_id: ObjectId,
    pub user_id: ObjectId,
    pub role: RoleWord,
    pub joined_at: DateTime,
    pub joined_rev: i64,
    pub read_seq: i64,
    pub delivered_seq: i64,
    #[serde(default)]
    pub muted_until: i64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleWord {
    Member,
    Admin,
    Owner,
}

impl RoleWord {
    /// The role that a word names.
    pub fn stored(word: &str) -> Option<Self> {
        match word {
            "member" => Some(Self::Member),
            "admin" => Some(Self::Admin),
            "owner" => Some(Self::Owner),
            _ => None,
        }
    }
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Member => Self::Member,
            RoleWord::Admin => Self::Admin,
            RoleWord::Owner => Self::Owner,
        }
    }
}

impl From<&Room> for RoomDocument {
    fn from(room: &Room) -> Self {
        Self {
            id: room.id.object_id(),
            name: room.name.as_str().to_owned(),
            is_group: room.is_group,
            created_by: room.created_by.object_id(),
            created_at: DateTime::from_millis(room.created_at_ms),
            member_count: room.member_count,
            first_member_ids: room
                .first_members
                .iter()
                .map(|user| user.object_id())
                .collect(),
            image_url: room.image.as_str().to_owned(),
            head_hint: HeadDocument {
                rev: room.head_hint.rev,
                seq: room.head_hint.seq,
            },
            last_activity_at: DateTime::from_millis(room.active_hint_ms),
            oldest_at: DateTime::from_millis(room.created_at_ms),
            retention: RetentionDocument {
                days: room.retention.days,
                messages: room.retention.messages,
                due_at: None,
            },
            trimmed: TrimmedDocument::default(),
        }
    }
}

impl From<RoomDocument> for Room {
    fn from(document: RoomDocument) -> Self {
        Self {
            id: RoomId::from(document.id),
            name: RoomName::stored(document.name),
            is_group: document.is_group,
            created_by: UserId::from(document.created_by),
            created_at_ms: document.created_at.timestamp_millis(),
            member_count: document.member_count,
            first_members: document
                .first_member_ids
                .into_iter()
                .map(UserId::from)
                .collect(),
            image: ImageUrl::stored(document.image_url),
            head_hint: Head {
                rev: document.head_hint.rev,
                seq: document.head_hint.seq,
                at_ms: 0,
            },
            active_hint_ms: document.last_activity_at.timestamp_millis(),
            retention: Retention {
                days: document.retention.days,
                messages: document.retention.messages,
            },
            trimmed: Trimmed {
                rev: document.trimmed.rev,
                seq: document.trimmed.seq,
                gone_rev: document.trimmed.gone_rev,
            },
        }
    }
}

impl From<&Member> for MemberDocument {
    fn from(member: &Member) -> Self {
        Self {
            room_id: member.room.object_id(),
            user_id: member.user.object_id(),
            role: match member.role {
                Role::Member => RoleWord::Member,
                Role::Admin => RoleWord::Admin,
                Role::Owner => RoleWord::Owner,
            },
            joined_at: DateTime::from_millis(member.joined_at_ms),
            joined_rev: member.joined_rev,
            read_seq: member.read_seq,
            delivered_seq: member.delivered_seq,
            muted_until: member.muted_until_ms,
        }
    }
}

impl From<MemberDocument> for Member {
    fn from(document: MemberDocument) -> Self {
        Self {
            room: RoomId::from(document.room_id),
            user: UserId::from(document.user_id),
            role: document.role.into(),
            joined_at_ms: document.joined_at.timestamp_millis(),
            joined_rev: document.joined_rev,
            read_seq: document.read_seq,
            delivered_seq: document.delivered_seq,
            muted_until_ms: document.muted_until,
        }
    }
}
