//! What changed in a room after a revision.

use confab_ids::RoomId;

use super::Head;
use crate::context::Context;
use crate::error::Error;
use crate::message::Message;

/// Changed messages in `rev` order.
pub struct Changes {
    pub messages: Vec<Message>,
    pub head: Head,
    /// Up to which revision nothing is missing.
    pub complete_rev: i64,
}

/// Reads what changed after `after_rev`, looking at no more than `limit` revisions.
///
/// # Errors
/// If there is no such room, or the store fails.
pub async fn changes(
    context: &Context,
    room: RoomId,
    after_rev: i64,
    limit: i64,
) -> Result<Changes, Error> {
    // The head first: all up to it is there when the messages are read.
    let head = context
        .heads
        .exact_one(room)
        .await?
        .ok_or(Error::RoomNotFound)?;
    let complete_rev = head.rev.min(after_rev.saturating_add(limit));
    let messages = if complete_rev > after_rev {
        context
            .store
            .messages_by_rev(room, after_rev + 1, complete_rev)
            .await?
    } else {
        Vec::new()
    };
    Ok(Changes {
        messages,
        head,
        complete_rev,
    })
}
