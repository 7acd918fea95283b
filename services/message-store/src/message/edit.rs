//! Makes a message say something else.

use confab_ids::{MessageId, UserId};

use super::find::find;
use super::update::{Updated, update};
use super::{Act, Content, Message, MessageType};
use crate::context::Context;
use crate::error::Error;

/// What a message is to say, and whom it names then.
#[derive(Debug)]
pub struct NewContent {
    pub content: Content,
    pub mentions: Vec<UserId>,
}

/// Edits a message; none if it says so already.
///
/// # Errors
/// If there is no such message, or the user is not its sender; if it is deleted; or the store fails.
pub async fn edit(
    context: &Context,
    user: UserId,
    id: MessageId,
    new: NewContent,
) -> Result<(Option<Updated>, Message), Error> {
    let message = find(context, user, id).await?;
    if message.from != user || message.body.kind == MessageType::System {
        return Err(Error::NotAllowed("only its sender may edit a message"));
    }
    if message.is_deleted() {
        return Err(Error::MessageDeleted);
    }
    let content = new.content.into_text();
    if message.content() == content {
        return Ok((None, message));
    }
    let mentions = context
        .store
        .members_among(message.room, &new.mentions)
        .await?;
    let updated = update(context, &message, user, Act::Edit { content, mentions }).await?;
    Ok((Some(updated.clone()), updated.message))
}
