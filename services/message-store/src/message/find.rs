//! Finds messages.

use confab_ids::{MessageId, RoomId, UserId};

use super::Message;
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;
use crate::member::check::check;

/// The number of a message.
///
/// # Errors
/// If it is not in this room, or the store fails.
pub async fn seq_of(context: &Context, room: RoomId, id: MessageId) -> Result<i64, Error> {
    let found = context
        .store
        .find_message(id)
        .await?
        .filter(|message| message.room == room);
    Ok(found
        .ok_or(Invalid::Cursor("there is no such message in this room"))?
        .seq)
}

/// A message, for a member of its room. Whoever is not one cannot tell that there is a message.
///
/// # Errors
/// If there is no such message, or the user may not see it; or the store fails.
pub async fn find(context: &Context, user: UserId, id: MessageId) -> Result<Message, Error> {
    let found = context.store.find_message(id).await?;
    let message = found.ok_or(Error::MessageNotFound)?;
    match check(context, message.room, user).await {
        Err(Error::RoomNotFound) => Err(Error::MessageNotFound),
        outcome => outcome.map(|()| message),
    }
}

/// As [`find()`], but not what the user has hidden.
///
/// # Errors
/// As [`find()`].
pub async fn find_shown(context: &Context, user: UserId, id: MessageId) -> Result<Message, Error> {
    let message = find(context, user, id).await?;
    if context.store.hidden_among(user, &[id]).await?.is_empty() {
        Ok(message)
    } else {
        Err(Error::MessageNotFound)
    }
}
