//! Sends a message: the whole story on one screen.

use super::Draft;
use crate::context::Context;
use crate::error::Error;
use crate::log::Appended;
use crate::member::check::check;

/// Appends the draft to its room's log, once, however often it is sent.
///
/// # Errors
/// If there is no such room, or the sender is not a member of it; or the log cannot take it now.
#[tracing::instrument(target = "confab", name = "append", skip_all, fields(room.id = %draft.room))]
pub async fn send(context: &Context, draft: Draft) -> Result<Appended, Error> {
    check(context, draft.room, draft.from).await?;
    context.log.append(draft).await
}
