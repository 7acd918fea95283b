//! Finds a message's place in its room.

use confab_ids::{MessageId, RoomId};

use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;

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
