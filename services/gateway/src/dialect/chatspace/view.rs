//! Messages and users in chatspace's words.

use confab_ids::UserId;
use confab_proto::auth::User;
use confab_proto::message::{Attachment, Message};
use serde::Serialize;

use crate::dialect::native::rfc3339;
use crate::media::links::Links;

/// A message between two.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub sender_id: &'a str,
    pub receiver_id: String,
    pub text: &'a str,
    pub image: String,
    pub seen: bool,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
}

impl<'a> MessageView<'a> {
    /// A message to somebody, who has seen it or not, as `viewer` is shown it.
    pub fn new(
        message: &'a Message,
        (receiver, seen): (UserId, bool),
        (viewer, links): (UserId, &Links),
    ) -> Self {
        let updated = message.edited_at_ms.max(message.deleted_at_ms);
        Self {
            id: &message.id,
            sender_id: &message.from,
            receiver_id: receiver.to_string(),
            text: &message.content,
            image: image(&message.attachments, (viewer, links)),
            seen,
            created_at: rfc3339(message.created_at_ms),
            updated_at: rfc3339(updated.max(message.created_at_ms)),
        }
    }
}

/// The address of the first picture; empty if there is none.
fn image(attachments: &[Attachment], (viewer, links): (UserId, &Links)) -> String {
    let is_image = |one: &&Attachment| one.mime_type.starts_with("image/");
    let image = attachments.iter().find(is_image);
    let address = image.map(|one| links.shown_to(viewer, one));
    address.unwrap_or_default()
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
    pub profile_pic: String,
    pub bio: &'a str,
    pub created_at: Option<String>,
}

impl<'a> UserView<'a> {
    /// A user, with the address of their face.
    pub fn new(user: &'a User, links: &Links) -> Self {
        Self {
            id: &user.id,
            full_name: match user.display_name.as_str() {
                "" => &user.username,
                name => name,
            },
            email: &user.email,
            profile_pic: links.face(&user.id, &user.avatar_url),
            bio: &user.bio,
            created_at: rfc3339(user.created_at_ms),
        }
    }
}

#[cfg(test)]
mod tests;
