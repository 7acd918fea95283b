//! What is shown of a message beside those that answer it.

use std::collections::HashMap;

use confab_ids::MessageId;

use super::Message;
use crate::context::Context;
use crate::error::Error;

/// How many characters.
const LENGTH: usize = 100;

/// A message in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    pub message: Message,
    /// The beginning of what it says, never cut within a character.
    pub content: String,
}

impl From<Message> for Preview {
    fn from(message: Message) -> Self {
        let content = message.content();
        let end = content
            .char_indices()
            .nth(LENGTH)
            .map_or(content.len(), |(at, _)| at);
        Self {
            content: content[..end].to_owned(),
            message,
        }
    }
}

/// Previews by the ids of the messages.
pub type Previews = HashMap<MessageId, Preview>;

/// What these messages answer. Nothing is read if none answers any.
///
/// # Errors
/// If the store fails.
pub async fn previews(
    context: &Context,
    messages: impl IntoIterator<Item = &Message>,
) -> Result<Previews, Error> {
    let mut parents: Vec<MessageId> = messages
        .into_iter()
        .filter_map(|message| message.body.reply_to)
        .collect();
    parents.sort_unstable();
    parents.dedup();
    let found = context.store.find_messages(&parents).await?;
    let preview = |message: Message| (message.id, Preview::from(message));
    Ok(found.into_iter().map(preview).collect())
}
