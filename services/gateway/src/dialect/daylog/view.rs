//! Messages and users in daylog's words.

use confab_ids::UserId;
use confab_proto::auth::User;
use confab_proto::message::Message;
use serde::Serialize;

use crate::dialect::native::rfc3339;
use crate::media::links::Links;

/// A message between two.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub sender: &'a str,
    pub receiver: String,
    pub content: &'a str,
    pub is_read: bool,
    pub read_at: Option<String>,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
}

impl<'a> MessageView<'a> {
    /// A message to somebody, who has read it then, or not.
    pub fn new(message: &'a Message, receiver: UserId, read_at_ms: Option<i64>) -> Self {
        let updated = message.edited_at_ms.max(message.deleted_at_ms);
        Self {
            id: &message.id,
            sender: &message.from,
            receiver: receiver.to_string(),
            content: &message.content,
            is_read: read_at_ms.is_some(),
            read_at: read_at_ms.and_then(rfc3339),
            created_at: rfc3339(message.created_at_ms),
            updated_at: rfc3339(updated.max(message.created_at_ms)),
        }
    }
}

/// The other one of two.
pub fn other(pair: [UserId; 2], one: &str) -> Option<UserId> {
    let one: UserId = one.parse().ok()?;
    pair.into_iter().find(|user| *user != one)
}

/// A user.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub username: &'a str,
    pub name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub email: &'a str,
    pub avatar: String,
    pub created_at: Option<String>,
}

impl<'a> UserView<'a> {
    /// A user, with the address of their face.
    pub fn new(user: &'a User, links: &Links) -> Self {
        Self {
            id: &user.id,
            username: &user.username,
            name: match user.display_name.as_str() {
                "" => &user.username,
                name => name,
            },
            email: &user.email,
            avatar: links.face(&user.id, &user.avatar_url),
            created_at: rfc3339(user.created_at_ms),
        }
    }
}

#[cfg(test)]
mod tests;
