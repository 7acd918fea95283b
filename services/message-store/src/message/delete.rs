//! Deletes a message for everyone, or hides it from one user.

use confab_ids::{MessageId, UserId};

use super::find::find;
use super::update::{Updated, update};
use super::{Act, Message, MessageType};
use crate::context::Context;
use crate::error::Error;
use crate::member::lead::leads;

/// Deletes a message for everyone; none if it was already.
///
/// # Errors
/// If there is no such message, or the user is neither its sender nor leads the room; or the store fails.
pub async fn delete(
    context: &Context,
    user: UserId,
    id: MessageId,
) -> Result<(Option<Updated>, Message), Error> {
    let message = find(context, user, id).await?;
    let own = message.from == user && message.body.kind != MessageType::System;
    if !own && !leads(context, message.room, user).await? {
        return Err(Error::NotAllowed(
            "only its sender, or the owner and the admins of its room, may delete a message",
        ));
    }
    if message.is_deleted() {
        return Ok((None, message));
    }
    let updated = update(context, &message, user, Act::Delete).await?;
    Ok((Some(updated.clone()), updated.message))
}

/// Hides a message from a user; none if it was already.
///
/// # Errors
/// If there is no such message, or the user is not a member of its room; or the store fails.
pub async fn hide(
    context: &Context,
    user: UserId,
    id: MessageId,
) -> Result<(Option<i64>, Message), Error> {
    let message = find(context, user, id).await?;
    if !context.store.hidden_among(user, &[id]).await?.is_empty() {
        return Ok((None, message));
    }
    let updated = update(context, &message, user, Act::Hide).await?;
    Ok((Some(updated.rev), message))
}
