//! Takes from a room's log what its retention keeps no longer.
//!
//! First it is noted with the room where the log begins from then on, with where it ends: from there on
//! nobody expects what is before, even if nothing is left at all. Then it is taken away in batches, the
//! oldest first. A crash in between leaves a note, from which whoever comes next goes on; two that do it
//! at once do the same.

use confab_ids::RoomId;

use super::Room;
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::log::seek::seek;
use crate::log::{Head, Trimmed};

/// How many revisions are taken away by one command.
const BATCH: i64 = 500;

/// Trims the log, and notes when there will be more to do.
///
/// # Errors
/// If the store fails. What was taken until then is gone.
pub async fn trim(context: &Context, room: &Room) -> Result<(), Error> {
    let keep = room.retention.within(context.retention);
    let head = context
        .heads
        .exact_one(room.id)
        .await?
        .ok_or(Error::RoomNotFound)?;
    let now = now_ms();
    let mut last = room.trimmed.seq;
    if keep.messages != 0 {
        last = last.max(head.seq - keep.messages);
    }
    if let Some(since) = keep.since_ms(now) {
        last = seek(context, room.id, last + 1..=head.seq, since).await? - 1;
    }
    let mut trimmed = room.trimmed;
    if last > trimmed.seq {
        trimmed = Trimmed {
            rev: rev_of(context, room.id, last).await?.unwrap_or(trimmed.rev),
            seq: last,
            ..trimmed
        };
        context.store.raise_trimmed(room.id, trimmed, head).await?;
    }
    take_away(context, room.id, trimmed).await?;
    let oldest = oldest_ms(context, room.id, trimmed, head).await?;
    // Messages that come from now on are no older than now.
    let oldest = oldest.unwrap_or(now);
    context
        .store
        .note_oldest(room.id, oldest, room.retention)
        .await?;
    Ok(())
}

async fn take_away(context: &Context, room: RoomId, trimmed: Trimmed) -> Result<(), Error> {
    let mut gone = trimmed.gone_rev;
    while gone < trimmed.rev {
        let last = trimmed.rev.min(gone + BATCH);
        let messages = context.store.ids_by_rev(room, gone + 1, last).await?;
        // What refers to the messages first, for by them it is found.
        let uploads = context.store.media_by_rev(room, gone + 1, last).await?;
        context.store.unindex(&messages).await?;
        context.store.forget_hidden(&messages).await?;
        context.store.delete_records(room, gone + 1, last).await?;
        context.store.release_media(&uploads, now_ms()).await?;
        gone = last;
        context.store.raise_gone(room, gone).await?;
        metrics::counter!("confab_message_store_trimmed_total").increment(messages.len() as u64);
    }
    Ok(())
}

async fn rev_of(context: &Context, room: RoomId, seq: i64) -> Result<Option<i64>, Error> {
    let found = context.store.times_of(room, &[seq]).await?;
    Ok(found.first().map(|head| head.rev))
}

/// When the first message that is kept was created; none if none is.
async fn oldest_ms(
    context: &Context,
    room: RoomId,
    trimmed: Trimmed,
    head: Head,
) -> Result<Option<i64>, Error> {
    if trimmed.seq >= head.seq {
        return Ok(None);
    }
    let found = context.store.times_of(room, &[trimmed.seq + 1]).await?;
    Ok(found.first().map(|head| head.at_ms))
}
