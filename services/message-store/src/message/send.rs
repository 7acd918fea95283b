//! Sends a message: the whole story on one screen.

use std::sync::Arc;

use confab_ids::MessageId;

use super::update::{Updated, update_once};
use super::{Act, Body, ClientMessageId, Message};
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;
use crate::log::{Draft, What};
use crate::member::check::check;

/// A message that is durable.
#[derive(Debug)]
pub struct Sent {
    pub message: Message,
    /// It had been sent before: nothing was appended.
    pub repeated: bool,
    /// What it answers, whose thread grew.
    pub parent: Option<Updated>,
}

/// Appends the message to its room's log, once, however often it is sent.
///
/// # Errors
/// If there is no such room, or the sender is not a member of it; if what it answers or attaches is not
/// there; or the log cannot take it now.
#[tracing::instrument(target = "confab", name = "append", skip_all, fields(room.id = %draft.room))]
pub async fn send(context: &Context, mut draft: Draft) -> Result<Sent, Error> {
    check(context, draft.room, draft.from).await?;
    let parent = match &mut draft.what {
        What::Message(body) => complete(context, draft.room, body).await?,
        What::Change(_) => None,
    };
    let user = draft.from;
    let appended = context.log.append(draft).await?;
    let record = Arc::unwrap_or_clone(appended.record);
    let message = Message::new(record).ok_or(Invalid::ClientMessageId)?;
    let parent = match parent {
        None => None,
        Some(parent) => {
            // By an id of its own, so that a repeat makes up for what a crash left out.
            let once = (user, ClientMessageId::own("reply", &message.id.to_string()));
            Some(update_once(context, &parent, once, Act::Reply(message.id)).await?)
        }
    };
    Ok(Sent {
        message,
        repeated: appended.repeated,
        parent,
    })
}

/// Looks up what the message refers to; most refer to nothing, and nothing is read. Answers what it
/// answers.
async fn complete(
    context: &Context,
    room: confab_ids::RoomId,
    body: &mut Body,
) -> Result<Option<Message>, Error> {
    if !body.mentions.is_empty() {
        body.mentions = context.store.members_among(room, &body.mentions).await?;
    }
    if body
        .attachments
        .iter()
        .any(|attachment| attachment.media.is_some())
    {
        return Err(Invalid::Attachment("there is no such upload").into());
    }
    match body.reply_to {
        None => Ok(None),
        Some(parent) => Ok(Some(answered(context, room, parent).await?)),
    }
}

async fn answered(
    context: &Context,
    room: confab_ids::RoomId,
    parent: MessageId,
) -> Result<Message, Error> {
    let found = context.store.find_message(parent).await?;
    found
        .filter(|message| message.room == room)
        .ok_or(Error::MessageNotFound)
}
