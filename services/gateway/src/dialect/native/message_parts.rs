//! The parts of a message as native clients see them.

use std::borrow::Cow;

use confab_ids::MediaId;
use confab_proto::message::{
    Attachment, Edit, MessageHidden, Reaction, ReplyPreview, RoomNote, Thread,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::media::thumbnail_path;
use super::rfc3339;
use crate::contract::words::{AnyId, MessageType, NoteKind, Time};

/// Something attached.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Attachment)]
pub struct AttachmentView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = AnyId)]
    pub media_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    pub url: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail_url: Option<String>,
    pub mime_type: &'a str,
    pub name: &'a str,
    /// In bytes.
    pub size: i64,
    /// In pixels.
    #[serde(skip_serializing_if = "is_zero")]
    pub width: i32,
    #[serde(skip_serializing_if = "is_zero")]
    pub height: i32,
}

impl<'a> From<&'a Attachment> for AttachmentView<'a> {
    fn from(attachment: &'a Attachment) -> Self {
        Self {
            media_id: given(&attachment.media_id),
            // An upload is where the gateways serve it.
            url: match attachment.media_id.parse() {
                Ok(id) => Some(MediaId::path(id).into()),
                Err(_) => given(&attachment.url).map(Cow::from),
            },
            thumbnail_url: thumbnail_path(&attachment.media_id, attachment.width),
            mime_type: &attachment.mime_type,
            name: &attachment.name,
            size: attachment.size_bytes,
            width: attachment.width,
            height: attachment.height,
        }
    }
}

/// What a message answers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReplyPreview)]
pub struct PreviewView<'a> {
    #[schema(value_type = AnyId)]
    pub id: &'a str,
    /// Its number, sender and type are not known if its room keeps it no longer.
    #[schema(required)]
    pub seq: Option<i64>,
    #[schema(required, value_type = Option<AnyId>)]
    pub from: Option<&'a str>,
    #[schema(required, value_type = Option<MessageType>)]
    pub r#type: Option<&'a str>,
    /// The first 100 characters.
    pub content: &'a str,
    pub deleted: bool,
}

impl<'a> From<&'a ReplyPreview> for PreviewView<'a> {
    fn from(preview: &'a ReplyPreview) -> Self {
        Self {
            id: &preview.message_id,
            seq: Some(preview.seq).filter(|seq| *seq != 0),
            from: known(&preview.from),
            r#type: known(&preview.r#type),
            content: &preview.content,
            deleted: preview.deleted,
        }
    }
}

fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// One emoji, and who reacted so.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reaction)]
pub struct ReactionView<'a> {
    pub emoji: &'a str,
    pub count: i32,
    /// The first 100.
    #[schema(value_type = Vec<AnyId>)]
    pub user_ids: &'a [String],
}

impl<'a> From<&'a Reaction> for ReactionView<'a> {
    fn from(reaction: &'a Reaction) -> Self {
        Self {
            emoji: &reaction.emoji,
            count: reaction.count,
            user_ids: &reaction.user_ids,
        }
    }
}

/// The replies to a message.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Thread)]
pub struct ThreadView<'a> {
    pub count: i32,
    #[schema(value_type = AnyId)]
    pub last_reply_id: &'a str,
    #[schema(required, value_type = Option<Time>)]
    pub last_reply_at: Option<String>,
}

impl<'a> From<&'a Thread> for ThreadView<'a> {
    fn from(thread: &'a Thread) -> Self {
        Self {
            count: thread.count,
            last_reply_id: &thread.last_reply_id,
            last_reply_at: rfc3339(thread.last_reply_at_ms),
        }
    }
}

/// What happened to a room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoomNote)]
pub struct NoteView<'a> {
    #[schema(value_type = NoteKind)]
    pub kind: &'a str,
    #[schema(value_type = Vec<AnyId>)]
    pub user_ids: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    pub value: Option<&'a str>,
}

impl<'a> From<&'a RoomNote> for NoteView<'a> {
    fn from(note: &'a RoomNote) -> Self {
        Self {
            kind: &note.kind,
            user_ids: &note.user_ids,
            value: given(&note.value),
        }
    }
}

/// A message that its reader has hidden.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Hidden)]
pub struct HiddenView<'a> {
    #[schema(value_type = AnyId)]
    pub room_id: &'a str,
    #[schema(value_type = AnyId)]
    pub message_id: &'a str,
    pub rev: i64,
}

impl<'a> HiddenView<'a> {
    /// A message that was hidden at a revision.
    pub fn new(hidden: &'a MessageHidden, rev: i64) -> Self {
        Self {
            room_id: &hidden.room_id,
            message_id: &hidden.message_id,
            rev,
        }
    }
}

/// What a message said before.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Edit)]
pub struct EditView<'a> {
    pub content: &'a str,
    #[schema(required, value_type = Option<Time>)]
    pub since: Option<String>,
    #[schema(value_type = AnyId)]
    pub edited_by: &'a str,
}

impl<'a> From<&'a Edit> for EditView<'a> {
    fn from(edit: &'a Edit) -> Self {
        Self {
            content: &edit.content,
            since: rfc3339(edit.since_ms),
            edited_by: &edit.edited_by,
        }
    }
}

/// All that a message said before.
#[derive(Serialize, ToSchema)]
pub struct EditList<'a> {
    pub edits: Vec<EditView<'a>>,
}

fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
const fn is_zero(number: &i32) -> bool {
    *number == 0
}
