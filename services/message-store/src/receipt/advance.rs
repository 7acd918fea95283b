//! Moves a member's cursor forward; never back.

use confab_ids::{RoomId, UserId};

use super::Cursor;
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;

/// Where a member's cursors are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advanced {
    pub read_seq: i64,
    pub delivered_seq: i64,
    pub moved: bool,
}

/// Moves `cursor` to `seq`, unless it is there or further on.
///
/// # Errors
/// If there is no such room, or the user is not a member of it; if the log does not go so far; or the
/// store fails.
pub async fn advance(
    context: &Context,
    user: UserId,
    room: RoomId,
    cursor: Cursor,
    seq: i64,
) -> Result<Advanced, Error> {
    // Mostly the message was written by this replica, and nothing must be read to know it is there.
    if context.heads.known(room).is_none_or(|head| head.seq < seq) {
        crate::member::check::check(context, room, user).await?;
        let head = context.heads.exact_one(room).await?.ok_or(Error::RoomNotFound)?;
        if head.seq < seq {
            return Err(Invalid::Cursor("the log does not go so far").into());
        }
    }
    let read = match cursor {
        Cursor::Read => seq,
        Cursor::Delivered => 0,
    };
    let before = context.store.raise_cursors(room, user, read, seq).await?;
    let before = before.ok_or(Error::RoomNotFound)?;
    let read_seq = before.read_seq.max(read);
    let delivered_seq = before.delivered_seq.max(seq);
    let moved = read_seq > before.read_seq || delivered_seq > before.delivered_seq;
    Ok(Advanced { read_seq, delivered_seq, moved })
}
