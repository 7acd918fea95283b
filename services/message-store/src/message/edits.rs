//! What a message said before: its audit trail.

use confab_ids::{MessageId, UserId};

use super::find::find;
use super::{Act, Change, Edit};
use crate::context::Context;
use crate::error::Error;
use crate::log::What;
use crate::member::lead::leads;

/// How many of the last states are told.
const MOST: usize = 100;

/// What it said, the oldest first, without what it says now. A message that was deleted says nothing of
/// what it said.
///
/// # Errors
/// If there is no such message; if the user is neither its sender nor leads the room; or the store fails.
pub async fn edits(context: &Context, user: UserId, id: MessageId) -> Result<Vec<Edit>, Error> {
    let message = find(context, user, id).await?;
    if message.from != user && !leads(context, message.room, user).await? {
        return Err(Error::NotAllowed(
            "only its sender, or the owner and the admins of its room, may see what a message said",
        ));
    }
    if message.is_deleted() {
        return Ok(Vec::new());
    }
    let mut edits = vec![Edit {
        content: message.body.content,
        since_ms: message.created_at_ms,
        by: message.from,
    }];
    for record in context.store.changes_of(id, 0).await? {
        if let What::Change(Change {
            act: Act::Edit { content, .. },
            ..
        }) = record.what
        {
            edits.push(Edit {
                content,
                since_ms: record.at_ms,
                by: record.from,
            });
        }
    }
    edits.pop();
    edits.drain(..edits.len().saturating_sub(MOST));
    Ok(edits)
}
