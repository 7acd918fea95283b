//! Adds and takes back reactions.

use confab_ids::{MessageId, UserId};

use super::change::Emoji;
use super::find::find;
use super::update::{Updated, update};
use super::{Act, Message};
use crate::context::Context;
use crate::error::Error;

/// Reacts to a message; none if the user has reacted so already.
///
/// # Errors
/// If there is no such message, or the user is not a member of its room; if it is deleted or has no
/// room for more reactions; or the store fails.
pub async fn react(
    context: &Context,
    user: UserId,
    id: MessageId,
    emoji: Emoji,
) -> Result<(Option<Updated>, Message), Error> {
    let message = find(context, user, id).await?;
    if message.is_deleted() {
        return Err(Error::MessageDeleted);
    }
    if message.state.has_reaction(&emoji, user) {
        return Ok((None, message));
    }
    if !message.state.has_room_for(&emoji) {
        return Err(Error::ReactionsFull);
    }
    let updated = update(context, &message, user, Act::React(emoji)).await?;
    Ok((Some(updated.clone()), updated.message))
}

/// Takes a reaction back; none if there is none.
///
/// # Errors
/// If there is no such message, or the user is not a member of its room; or the store fails.
pub async fn unreact(
    context: &Context,
    user: UserId,
    id: MessageId,
    emoji: Emoji,
) -> Result<(Option<Updated>, Message), Error> {
    let message = find(context, user, id).await?;
    if !message.state.has_reaction(&emoji, user) {
        return Ok((None, message));
    }
    let updated = update(context, &message, user, Act::Unreact(emoji)).await?;
    Ok((Some(updated.clone()), updated.message))
}
