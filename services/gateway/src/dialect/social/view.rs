//! Messages and users in social's words.

mod conversation;

use confab_proto::auth::User;
use confab_proto::event::Sender;
use confab_proto::message::{Message, Reaction};
use serde::Serialize;

use crate::dialect::native::rfc3339;
use crate::message::receipts::{Mark, Receipts};

pub use conversation::{Around, ConversationView};

/// A message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub conversation: &'a str,
    pub sender: SenderView<'a>,
    pub message_type: &'a str,
    pub text: &'a str,
    pub media_url: Option<&'a str>,
    pub media_type: Option<&'a str>,
    pub status: &'static str,
    pub read_by: Vec<ReadView<'a>>,
    pub delivered_to: Vec<DeliveredView<'a>>,
    pub reply_to: Option<&'a str>,
    pub reactions: Vec<ReactionView<'a>>,
    pub deleted: bool,
    pub deleted_at: Option<String>,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
}

/// Who sent it, or takes part.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SenderView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub user_name: &'a str,
    pub profile_image: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadView<'a> {
    pub user: &'a str,
    pub read_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveredView<'a> {
    pub user: &'a str,
    pub delivered_at: Option<String>,
}

#[derive(Serialize)]
pub struct ReactionView<'a> {
    pub user: &'a str,
    pub emoji: &'a str,
}

impl<'a> MessageView<'a> {
    /// A message that nobody has read yet.
    pub fn new(message: &'a Message, sender: Option<&'a Sender>) -> Self {
        let media = message.attachments.first();
        let given = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let updated = message.edited_at_ms.max(message.deleted_at_ms);
        Self {
            id: &message.id,
            conversation: &message.room_id,
            sender: SenderView {
                id: &message.from,
                user_name: sender.map_or("", |one| &one.username),
                profile_image: sender.map_or("", |one| &one.avatar_url),
            },
            message_type: &message.r#type,
            text: &message.content,
            media_url: media.and_then(|one| given(&one.url)),
            media_type: media.and_then(|one| given(&one.mime_type)),
            status: "sent",
            read_by: Vec::new(),
            delivered_to: Vec::new(),
            reply_to: message.reply_to.as_ref().map(|one| one.message_id.as_str()),
            reactions: message.reactions.iter().flat_map(reactions).collect(),
            deleted: message.deleted_at_ms > 0,
            deleted_at: rfc3339(message.deleted_at_ms),
            created_at: rfc3339(message.created_at_ms),
            updated_at: rfc3339(updated.max(message.created_at_ms)),
        }
    }

    /// A message of which it is known who has read it.
    pub fn with(message: &'a Message, sender: Option<&'a Sender>, receipts: &'a Receipts) -> Self {
        let read = |mark: Mark<'a>| ReadView {
            user: mark.user,
            read_at: rfc3339(mark.at_ms),
        };
        let delivered = |mark: Mark<'a>| DeliveredView {
            user: mark.user,
            delivered_at: rfc3339(mark.at_ms),
        };
        let read_by: Vec<_> = receipts.readers(message).map(read).collect();
        let delivered_to: Vec<_> = receipts.receivers(message).map(delivered).collect();
        Self {
            status: match (read_by.is_empty(), delivered_to.is_empty()) {
                (false, _) => "read",
                (true, false) => "delivered",
                (true, true) => "sent",
            },
            read_by,
            delivered_to,
            ..Self::new(message, sender)
        }
    }
}

fn reactions(reaction: &Reaction) -> impl Iterator<Item = ReactionView<'_>> {
    let emoji = reaction.emoji.as_str();
    let users = reaction.user_ids.iter();
    users.map(move |user| ReactionView { user, emoji })
}

/// A user.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserView<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub name: &'a str,
    pub user_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub email: &'a str,
    pub profile_image: &'a str,
    pub bio: &'a str,
    pub last_seen: Option<String>,
    pub created_at: Option<String>,
}

impl<'a> From<&'a User> for UserView<'a> {
    fn from(user: &'a User) -> Self {
        let own = !user.email.is_empty();
        Self {
            id: &user.id,
            name: match user.display_name.as_str() {
                "" => &user.username,
                name => name,
            },
            user_name: &user.username,
            email: &user.email,
            profile_image: &user.avatar_url,
            bio: &user.bio,
            // Others are told by events, as far as they may know.
            last_seen: rfc3339(user.last_seen_at_ms).filter(|_| own),
            created_at: rfc3339(user.created_at_ms),
        }
    }
}

impl<'a> From<&'a User> for SenderView<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: &user.id,
            user_name: &user.username,
            profile_image: &user.avatar_url,
        }
    }
}

#[cfg(test)]
mod tests;
