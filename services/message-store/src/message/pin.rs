//! Pins messages, and takes them off.

use confab_ids::{MessageId, UserId};

use super::find::find;
use super::update::{Updated, update};
use super::{Act, Message};
use crate::context::Context;
use crate::error::Error;
use crate::member::lead::leads_or_is_one_of_two;

/// How many pinned messages a room may have: what fits on a screen or two.
pub const MOST_PINS: usize = 50;

/// Pins a message; none if it was already.
///
/// # Errors
/// If there is no such message, or the user may not; if it is deleted, or the room has too many pins; or
/// the store fails.
pub async fn pin(
    context: &Context,
    user: UserId,
    id: MessageId,
) -> Result<(Option<Updated>, Message), Error> {
    let message = pinnable(context, user, id).await?;
    if message.is_deleted() {
        return Err(Error::MessageDeleted);
    }
    if message.state.pinned_at_ms != 0 {
        return Ok((None, message));
    }
    if context.store.pinned(message.room).await?.len() >= MOST_PINS {
        return Err(Error::PinsFull);
    }
    let updated = update(context, &message, user, Act::Pin).await?;
    Ok((Some(updated.clone()), updated.message))
}

/// Takes a pinned message off; none if it was not pinned.
///
/// # Errors
/// If there is no such message, or the user may not; or the store fails.
pub async fn unpin(
    context: &Context,
    user: UserId,
    id: MessageId,
) -> Result<(Option<Updated>, Message), Error> {
    let message = pinnable(context, user, id).await?;
    if message.state.pinned_at_ms == 0 {
        return Ok((None, message));
    }
    let updated = update(context, &message, user, Act::Unpin).await?;
    Ok((Some(updated.clone()), updated.message))
}

async fn pinnable(context: &Context, user: UserId, id: MessageId) -> Result<Message, Error> {
    let message = find(context, user, id).await?;
    if leads_or_is_one_of_two(context, message.room, user).await? {
        Ok(message)
    } else {
        Err(Error::NotAllowed(
            "only the owner and the admins of a room may pin",
        ))
    }
}
