//! Messages and users in chatspace's words.

use confab_ids::UserId;
use confab_proto::auth::User;
use confab_proto::message::{Attachment, Message};
use serde::Serialize;

use crate::dialect::native::rfc3339;

/// A message between two.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub sender_id: &'a str,
    pub receiver_id: String,
    pub text: &'a str,
    pub image: &'a str,
    pub seen: bool,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
}

impl<'a> MessageView<'a> {
    /// A message to somebody, who has seen it or not.
    pub fn new(message: &'a Message, receiver: UserId, seen: bool) -> Self {
        let updated = message.edited_at_ms.max(message.deleted_at_ms);
        Self {
            id: &message.id,
            sender_id: &message.from,
            receiver_id: receiver.to_string(),
            text: &message.content,
            image: image(&message.attachments),
            seen,
            created_at: rfc3339(message.created_at_ms),
            updated_at: rfc3339(updated.max(message.created_at_ms)),
        }
    }
}

/// The address of the first picture; empty if there is none.
fn image(attachments: &[Attachment]) -> &str {
    let is_image = |one: &&Attachment| one.mime_type.starts_with("image/");
    let image = attachments.iter().find(is_image);
    image.map_or("", |one| &one.url)
}

/// A user.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub full_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub email: &'a str,
    pub profile_pic: &'a str,
    pub bio: &'a str,
    pub created_at: Option<String>,
}

impl<'a> From<&'a User> for UserView<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: &user.id,
            full_name: match user.display_name.as_str() {
                "" => &user.username,
                name => name,
            },
            email: &user.email,
            profile_pic: &user.avatar_url,
            bio: &user.bio,
            created_at: rfc3339(user.created_at_ms),
        }
    }
}

#[cfg(test)]
mod tests;
