//! Messages, chats and users in heretics' words.

use std::collections::HashMap;
use std::sync::Arc;

use confab_proto::auth::User;
use confab_proto::event::Sender;
use confab_proto::message::{Message, Room};
use serde::Serialize;

use crate::dialect::native::rfc3339;
use crate::media::links::Links;

/// A message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub chat: &'a str,
    pub sender: UserView<'a>,
    pub text: &'a str,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
}

/// A user. An address is told to its owner alone.
#[derive(Clone, Serialize)]
pub struct UserView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub avatar: String,
}

impl<'a> MessageView<'a> {
    /// A message with its sender, who shows by id alone if nothing else is known.
    pub fn new(message: &'a Message, sender: Option<&'a Sender>, links: &Links) -> Self {
        let updated = message.edited_at_ms.max(message.deleted_at_ms);
        let face = |one: &Sender| links.face(&message.from, &one.avatar_url);
        Self {
            id: &message.id,
            chat: &message.room_id,
            sender: UserView {
                id: &message.from,
                name: sender.map_or("", |one| name(&one.display_name, &one.username)),
                email: None,
                avatar: sender.map(face).unwrap_or_default(),
            },
            text: &message.content,
            created_at: rfc3339(message.created_at_ms),
            updated_at: rfc3339(updated.max(message.created_at_ms)),
        }
    }
}

fn name<'a>(display_name: &'a str, username: &'a str) -> &'a str {
    match display_name {
        "" => username,
        name => name,
    }
}

impl<'a> UserView<'a> {
    /// A user, with the address of their face.
    pub fn new(user: &'a User, links: &Links) -> Self {
        Self {
            id: &user.id,
            name: name(&user.display_name, &user.username),
            email: Some(user.email.as_str()).filter(|email| !email.is_empty()),
            avatar: links.face(&user.id, &user.avatar_url),
        }
    }
}

/// A chat. One of two has the other one as its participant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub participant: Option<UserView<'a>>,
    pub participants: Vec<UserView<'a>>,
    pub last_message: Option<MessageView<'a>>,
    pub last_message_at: Option<String>,
    pub created_at: Option<String>,
}

impl<'a> ChatView<'a> {
    /// A chat whose members and last sender have been looked up.
    pub fn new(
        room: &'a Room,
        users: &'a HashMap<String, Arc<User>>,
        senders: &'a HashMap<String, Sender>,
        links: &Links,
    ) -> Self {
        let ids = room.member_ids.iter();
        let participants: Vec<UserView<'_>> = ids
            .filter_map(|id| users.get(id))
            .map(|user| UserView::new(user, links))
            .collect();
        let last = room.last_message.as_ref().filter(|one| one.note.is_none());
        Self {
            id: &room.id,
            // In a room of two the other one comes first.
            participant: participants.first().cloned().filter(|_| !room.is_group),
            participants,
            last_message: last.map(|one| MessageView::new(one, senders.get(&one.from), links)),
            last_message_at: last
                .map_or(Some(room.created_at_ms), |one| Some(one.created_at_ms))
                .and_then(rfc3339),
            created_at: rfc3339(room.created_at_ms),
        }
    }
}

#[cfg(test)]
mod tests;
