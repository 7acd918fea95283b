//! The pinned messages of a room.

use confab_ids::{RoomId, UserId};

use super::Message;
use crate::context::Context;
use crate::error::Error;
use crate::member::check::check;

/// Lists them, the last pinned first, without those that the user has hidden.
///
/// # Errors
/// If there is no such room, or the user is not a member of it; or the store fails.
pub async fn pins(context: &Context, user: UserId, room: RoomId) -> Result<Vec<Message>, Error> {
    check(context, room, user).await?;
    let mut messages = context.store.pinned(room).await?;
    let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
    let hidden = context.store.hidden_among(user, &ids).await?;
    messages.retain(|message| !hidden.contains(&message.id));
    messages.sort_unstable_by_key(|message| std::cmp::Reverse(message.state.pinned_at_ms));
    Ok(messages)
}
