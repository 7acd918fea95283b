//! Sends a message: the whole story on one screen.

use std::sync::Arc;

use confab_ids::MessageId;

use super::update::{Updated, update_once};
use super::{Act, ClientMessageId, Message};
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;
use crate::log::{Draft, What};
use crate::media::attach::attach;
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
    let parent = complete(context, &mut draft).await?;
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
async fn complete(context: &Context, draft: &mut Draft) -> Result<Option<Message>, Error> {
    let What::Message(body) = &mut draft.what else {
        return Ok(None);
    };
    if !body.mentions.is_empty() {
        body.mentions = context
            .store
            .members_among(draft.room, &body.mentions)
            .await?;
    }
    if let Err(error) = attach(context, draft.from, body).await {
        // What it attached may have gone since it was sent first, and its answer stays what it was.
        return if was_sent(context, draft).await? {
            Ok(None)
        } else {
            Err(error)
        };
    }
    match body.reply_to {
        None => Ok(None),
        Some(parent) => Ok(Some(answered(context, draft.room, parent).await?)),
    }
}

async fn was_sent(context: &Context, draft: &Draft) -> Result<bool, Error> {
    let id = draft.client_message_id.as_str().to_owned();
    let sent = context
        .store
        .find_sent(draft.room, draft.from, vec![id])
        .await?;
    Ok(!sent.is_empty())
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
