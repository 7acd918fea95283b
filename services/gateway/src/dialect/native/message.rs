//! A message as native clients see it.

use confab_proto::event::Sender;
use confab_proto::message::{ListMessagesResponse, Message};
use serde::Serialize;

use super::rfc3339;
use crate::message::search::Found;

/// A message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageView<'a> {
    pub id: &'a str,
    pub room_id: &'a str,
    pub seq: i64,
    pub rev: i64,
    pub from: &'a str,
    pub sender: SenderView<'a>,
    pub r#type: &'a str,
    pub content: &'a str,
    pub client_message_id: &'a str,
    pub created_at: Option<String>,
}

/// Who sent it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SenderView<'a> {
    pub id: &'a str,
    pub username: Option<&'a str>,
    pub display_name: Option<&'a str>,
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
            client_message_id: &message.client_message_id,
            created_at: rfc3339(message.created_at_ms),
        }
    }
}

/// A page of a room's history, ascending.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessagePage<'a> {
    pub messages: Vec<MessageView<'a>>,
    /// What to pass as `before` (or `after`) for the next page.
    pub next_cursor: Option<String>,
    pub has_more: bool,
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
        }
    }
}

/// Found messages, the newest first.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundPage<'a> {
    pub messages: Vec<MessageView<'a>>,
    /// What to pass as `cursor` for the next page.
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
