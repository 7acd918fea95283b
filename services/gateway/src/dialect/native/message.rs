//! A message as native clients see it.

use confab_proto::event::Sender;
use confab_proto::message::{ListMessagesResponse, Message};
use serde::Serialize;
use utoipa::ToSchema;

use super::message_parts::{AttachmentView, NoteView, PreviewView, ReactionView, ThreadView};
use super::rfc3339;
use crate::contract::words::{AnyId, MessageType, Time};
use crate::message::search::Found;

/// A message.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Message)]
pub struct MessageView<'a> {
    #[schema(value_type = AnyId)]
    pub id: &'a str,
    #[schema(value_type = AnyId)]
    pub room_id: &'a str,
    pub seq: i64,
    pub rev: i64,
    #[schema(value_type = AnyId)]
    pub from: &'a str,
    pub sender: SenderView<'a>,
    #[schema(value_type = MessageType)]
    pub r#type: &'a str,
    pub content: &'a str,
    pub attachments: Vec<AttachmentView<'a>>,
    #[schema(required)]
    pub reply_to: Option<PreviewView<'a>>,
    #[schema(value_type = Vec<AnyId>)]
    pub mentions: &'a [String],
    pub reactions: Vec<ReactionView<'a>>,
    pub client_message_id: &'a str,
    #[schema(required, value_type = Option<Time>)]
    pub created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = ThreadView<'a>)]
    pub thread: Option<ThreadView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Time)]
    pub edited_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Time)]
    pub deleted_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Time)]
    pub pinned_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = AnyId)]
    pub pinned_by: Option<&'a str>,
    /// What happened to the room, in a message of type `system`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = NoteView<'a>)]
    pub note: Option<NoteView<'a>>,
}

/// Who sent it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Sender)]
pub struct SenderView<'a> {
    #[schema(value_type = AnyId)]
    pub id: &'a str,
    #[schema(required)]
    pub username: Option<&'a str>,
    #[schema(required)]
    pub display_name: Option<&'a str>,
    #[schema(required)]
    pub avatar_url: Option<&'a str>,
}

impl<'a> MessageView<'a> {
    /// A message with its sender, who shows by id alone if nothing else is known.
    pub fn new(message: &'a Message, sender: Option<&'a Sender>) -> Self {
        let text = |field: fn(&Sender) -> &String| {
            sender
                .map(|sender| field(sender).as_str())
                .filter(|text| !text.is_empty())
        };
        Self {
            id: &message.id,
            room_id: &message.room_id,
            seq: message.seq,
            rev: message.rev,
            from: &message.from,
            sender: SenderView {
                id: &message.from,
                username: text(|sender| &sender.username),
                display_name: text(|sender| &sender.display_name),
                avatar_url: text(|sender| &sender.avatar_url),
            },
            r#type: &message.r#type,
            content: &message.content,
            attachments: message
                .attachments
                .iter()
                .map(AttachmentView::from)
                .collect(),
            reply_to: message.reply_to.as_ref().map(PreviewView::from),
            mentions: &message.mention_ids,
            reactions: message.reactions.iter().map(ReactionView::from).collect(),
            client_message_id: &message.client_message_id,
            created_at: rfc3339(message.created_at_ms),
            thread: message.thread.as_ref().map(ThreadView::from),
            edited_at: rfc3339(message.edited_at_ms),
            deleted_at: rfc3339(message.deleted_at_ms),
            pinned_at: rfc3339(message.pinned_at_ms),
            pinned_by: Some(message.pinned_by.as_str()).filter(|user| !user.is_empty()),
            note: message.note.as_ref().map(NoteView::from),
        }
    }
}

/// A page of a room's history, ascending.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessagePage<'a> {
    pub messages: Vec<MessageView<'a>>,
    /// What to pass as `before` (or `after`) for the next page; after one that was asked for with `around`,
    /// as `after`.
    #[schema(required)]
    pub next_cursor: Option<String>,
    pub has_more: bool,
    /// What to pass as `before` to go back from a page that was asked for with `around`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    pub previous_cursor: Option<String>,
}

impl<'a> MessagePage<'a> {
    /// A page whose senders have been looked up.
    pub fn new(
        page: &'a ListMessagesResponse,
        senders: &'a std::collections::HashMap<String, Sender>,
    ) -> Self {
        Self {
            messages: page
                .messages
                .iter()
                .map(|message| MessageView::new(message, senders.get(&message.from)))
                .collect(),
            next_cursor: page.has_more.then(|| page.next_seq.to_string()),
            has_more: page.has_more,
            previous_cursor: Some(page.previous_seq)
                .filter(|seq| *seq != 0)
                .map(|seq| seq.to_string()),
        }
    }
}

/// Found messages, the newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundPage<'a> {
    pub messages: Vec<MessageView<'a>>,
    /// What to pass as `cursor` for the next page.
    #[schema(required)]
    pub next_cursor: Option<&'a str>,
    pub has_more: bool,
}

impl<'a> FoundPage<'a> {
    /// A page as it was found.
    pub fn new(found: &'a Found) -> Self {
        let view =
            |message: &'a Message| MessageView::new(message, found.senders.get(&message.from));
        let more = Some(found.next_cursor.as_str()).filter(|cursor| !cursor.is_empty());
        Self {
            messages: found.messages.iter().map(view).collect(),
            next_cursor: more,
            has_more: more.is_some(),
        }
    }
}

/// Messages in some order.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageList<'a> {
    pub messages: Vec<MessageView<'a>>,
    pub has_more: bool,
}

impl<'a> MessageList<'a> {
    /// Messages whose senders have been looked up.
    pub fn new(
        messages: &'a [Message],
        senders: &'a std::collections::HashMap<String, Sender>,
        has_more: bool,
    ) -> Self {
        let view = |message: &'a Message| MessageView::new(message, senders.get(&message.from));
        Self {
            messages: messages.iter().map(view).collect(),
            has_more,
        }
    }
}
