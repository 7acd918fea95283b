//! What callers ask for of messages, from the wire to typed commands.

use confab_ids::{MessageId, UserId};
use confab_proto::message as wire;

use super::{room, user};
use crate::error::Error;
use crate::invalid::Invalid;
use crate::log::{Draft, What};
use crate::message::attachment::{Attachment, MOST};
use crate::message::edit::NewContent;
use crate::message::{Body, ClientMessageId, Content, MessageType};

/// How many users one message may name.
const MOST_MENTIONS: usize = 50;

pub fn draft(request: wire::SendMessageRequest) -> Result<Draft, Error> {
    let attachments = attachments(request.attachments)?;
    let content = if attachments.is_empty() {
        Content::parse(request.content)?
    } else {
        Content::beside_attachments(request.content)?
    };
    let reply_to = match request.reply_to_id.as_str() {
        "" => None,
        id => Some(message(id)?),
    };
    let body = Body {
        kind: MessageType::parse(&request.r#type, &attachments)?,
        content: content.into_text(),
        attachments,
        reply_to,
        mentions: mentions(&request.mention_ids)?,
        note: None,
    };
    Ok(Draft {
        from: user(&request.user_id)?,
        room: room(&request.room_id)?,
        client_message_id: ClientMessageId::parse(request.client_message_id)?,
        what: What::Message(body),
    })
}

pub fn edit(request: wire::EditMessageRequest) -> Result<(UserId, MessageId, NewContent), Error> {
    let new = NewContent {
        content: Content::parse(request.content)?,
        mentions: mentions(&request.mention_ids)?,
    };
    Ok((user(&request.user_id)?, message(&request.message_id)?, new))
}

/// A message whose id is not an id is a message that does not exist.
pub fn message(id: &str) -> Result<MessageId, Error> {
    id.parse().map_err(|_| Error::MessageNotFound)
}

fn attachments(attachments: Vec<wire::Attachment>) -> Result<Vec<Attachment>, Invalid> {
    if attachments.len() > MOST {
        return Err(Invalid::Attachment("a message has at most 10 attachments"));
    }
    attachments.into_iter().map(attachment).collect()
}

fn attachment(attachment: wire::Attachment) -> Result<Attachment, Invalid> {
    let media = match attachment.media_id.as_str() {
        "" => None,
        id => Some(
            id.parse()
                .map_err(|_| Invalid::Attachment("a mediaId is 24 hex digits"))?,
        ),
    };
    Attachment {
        media,
        url: attachment.url,
        mime_type: attachment.mime_type,
        name: attachment.name,
        size_bytes: attachment.size_bytes,
        width: attachment.width,
        height: attachment.height,
    }
    .check()
}

/// Each user once, in the order in which they are named.
fn mentions(ids: &[String]) -> Result<Vec<UserId>, Invalid> {
    if ids.len() > MOST_MENTIONS {
        return Err(Invalid::Mentions);
    }
    let mut users: Vec<UserId> = Vec::with_capacity(ids.len());
    for id in ids {
        let user = id.parse().map_err(|_| Invalid::Mentions)?;
        if !users.contains(&user) {
            users.push(user);
        }
    }
    Ok(users)
}
