//! The replies to a message.

use confab_ids::{MessageId, UserId};

use super::Message;
use super::find::find_shown;
use crate::context::Context;
use crate::error::Error;

/// A page of replies, ascending, and whether there are more.
///
/// # Errors
/// If there is no such message, or the user may not see it; or the store fails.
pub async fn replies(
    context: &Context,
    (user, parent): (UserId, MessageId),
    after_seq: i64,
    limit: usize,
) -> Result<(Vec<Message>, bool), Error> {
    find_shown(context, user, parent).await?;
    let mut messages = context.store.replies(parent, after_seq, limit + 1).await?;
    let has_more = messages.len() > limit;
    messages.truncate(limit);
    let ids: Vec<_> = messages.iter().map(|message| message.id).collect();
    let hidden = context.store.hidden_among(user, &ids).await?;
    messages.retain(|message| !hidden.contains(&message.id));
    Ok((messages, has_more))
}
