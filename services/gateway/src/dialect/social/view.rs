//! Messages and users in social's words.

mod conversation;

use confab_proto::auth::User;
use confab_proto::event::Sender;
use confab_proto::message::{Attachment, Media, Message, Reaction};
use serde::Serialize;

use crate::dialect::native::rfc3339;
use crate::media::links::Links;
use crate::message::receipts::{Mark, Receipts};

pub use conversation::{Around, ConversationView};

/// Behind which this dialect serves uploads, to who sends its cookie.
pub const DOOR: &str = "/social";

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
    pub media_url: Option<String>,
    pub media_type: Option<&'a str>,
    pub thumbnail_url: Option<String>,
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
    pub profile_image: String,
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
    pub fn new(message: &'a Message, sender: Option<&'a Sender>, links: &Links) -> Self {
        let media = message.attachments.first();
        let given = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let url = media.map(|one| links.behind(DOOR, one));
        let face = |one: &Sender| links.face(&message.from, &one.avatar_url);
        let updated = message.edited_at_ms.max(message.deleted_at_ms);
        Self {
            id: &message.id,
            conversation: &message.room_id,
            sender: SenderView {
                id: &message.from,
                user_name: sender.map_or("", |one| &one.username),
                profile_image: sender.map(face).unwrap_or_default(),
            },
            message_type: &message.r#type,
            text: &message.content,
            media_url: url.filter(|url| !url.is_empty()),
            media_type: media.and_then(|one| given(&one.mime_type)),
            thumbnail_url: media.and_then(|one| thumbnail(one, links)),
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
    pub fn with(
        message: &'a Message,
        sender: Option<&'a Sender>,
        receipts: &'a Receipts,
        links: &Links,
    ) -> Self {
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
            ..Self::new(message, sender, links)
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
    pub profile_image: String,
    pub bio: &'a str,
    pub last_seen: Option<String>,
    pub created_at: Option<String>,
}

impl<'a> UserView<'a> {
    /// A user, with the address of their face.
    pub fn new(user: &'a User, links: &Links) -> Self {
        let own = !user.email.is_empty();
        Self {
            id: &user.id,
            name: match user.display_name.as_str() {
                "" => &user.username,
                name => name,
            },
            user_name: &user.username,
            email: &user.email,
            profile_image: links.face(&user.id, &user.avatar_url),
            bio: &user.bio,
            // Others are told by events, as far as they may know.
            last_seen: rfc3339(user.last_seen_at_ms).filter(|_| own),
            created_at: rfc3339(user.created_at_ms),
        }
    }
}

impl<'a> SenderView<'a> {
    /// A user, with the address of their face.
    pub fn new(user: &'a User, links: &Links) -> Self {
        Self {
            id: &user.id,
            user_name: &user.username,
            profile_image: links.face(&user.id, &user.avatar_url),
        }
    }
}

/// A file that was uploaded, as a message may name it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadView<'a> {
    success: bool,
    media_url: String,
    media_type: &'a str,
    thumbnail_url: Option<String>,
    name: &'a str,
    size: i64,
}

impl<'a> UploadView<'a> {
    /// An upload that is ready.
    pub fn new(media: &'a Media, links: &Links) -> Self {
        let attachment = Attachment {
            media_id: media.id.clone(),
            width: media.width,
            ..Attachment::default()
        };
        Self {
            success: true,
            media_url: links.behind(DOOR, &attachment),
            media_type: &media.mime_type,
            thumbnail_url: thumbnail(&attachment, links),
            name: &media.name,
            size: media.size_bytes,
        }
    }
}

/// Where the small picture of an upload is; images have one if it is known how large they are.
fn thumbnail(attachment: &Attachment, links: &Links) -> Option<String> {
    let has_one = attachment.width > 0 && !attachment.media_id.is_empty();
    has_one.then(|| format!("{}/thumbnail", links.behind(DOOR, attachment)))
}

#[cfg(test)]
mod tests;
