//! Who has received and read a message, and when.

use confab_ids::{MessageId, UserId};

use super::Reader;
use crate::context::Context;
use crate::error::Error;
use crate::message::find::find_shown;

/// A page of those who have received a message, without its sender; and after whom to go on.
///
/// # Errors
/// If there is no such message, or the user may not see it; or the store fails.
pub async fn readers(
    context: &Context,
    (user, message): (UserId, MessageId),
    after: Option<UserId>,
    limit: usize,
) -> Result<(Vec<Reader>, Option<UserId>), Error> {
    let message = find_shown(context, user, message).await?;
    let place = (message.room, message.seq);
    let mut readers = context.store.receivers(place, after, limit + 1).await?;
    let has_more = readers.len() > limit;
    readers.truncate(limit);
    let next = readers
        .last()
        .map(|reader| reader.user)
        .filter(|_| has_more);
    readers.retain(|reader| reader.user != message.from);
    Ok((readers, next))
}
