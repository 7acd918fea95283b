//! Moves a member's cursor forward; never back.

use confab_ids::{RoomId, UserId};

use super::{Cursor, Goal, Raised};
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;
use crate::member::check::check;
use crate::message::find::seq_of;

/// Where a member's cursors are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advanced {
    pub read_seq: i64,
    pub delivered_seq: i64,
    /// Where the read cursor was before.
    pub previous_read_seq: i64,
    pub moved: bool,
    /// Whether the other members are to be told.
    pub fan_out: bool,
}

impl Advanced {
    const fn to(raised: Raised, fan_out: bool) -> Self {
        Self {
            read_seq: raised.read_seq,
            delivered_seq: raised.delivered_seq,
            previous_read_seq: raised.previous_read_seq,
            moved: raised.moved,
            fan_out,
        }
    }
}

/// Moves `cursor` to `goal`, unless it is there or further on.
///
/// # Errors
/// If there is no such room, or the user is not a member of it; if the goal is not in the room's log;
/// or the store fails.
pub async fn advance(
    context: &Context,
    (user, room): (UserId, RoomId),
    cursor: Cursor,
    goal: Goal,
) -> Result<Advanced, Error> {
    check(context, room, user).await?;
    let seq = match goal {
        Goal::Seq(seq) => within_log(context, room, seq).await?,
        Goal::Message(id) => seq_of(context, room, id).await?,
    };
    let fan_out = context.sizes.of(context, room).await? <= context.receipt_fanout_limit;
    let goal = (cursor, seq);
    let raised = context
        .store
        .raise_cursor(room, user, goal, now_ms())
        .await?;
    let raised = raised.ok_or(Error::RoomNotFound)?;
    Ok(Advanced::to(raised, fan_out))
}

async fn within_log(context: &Context, room: RoomId, seq: i64) -> Result<i64, Error> {
    // Mostly the message was written by this replica, and nothing must be read to know it is there.
    if context.heads.known(room).is_none_or(|head| head.seq < seq) {
        let head = context
            .heads
            .exact_one(room)
            .await?
            .ok_or(Error::RoomNotFound)?;
        if head.seq < seq {
            return Err(Invalid::Cursor("the log does not go so far").into());
        }
    }
    Ok(seq)
}
