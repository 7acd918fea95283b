//! A page of a room's history.

use confab_ids::{MessageId, RoomId, UserId};

use super::Message;
use super::find::seq_of;
use crate::context::Context;
use crate::error::Error;
use crate::log::Head;
use crate::member::check::check;

/// Which page: never more than `limit` messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListMessages {
    pub user: UserId,
    pub room: RoomId,
    pub limit: i64,
    pub page: Page,
}

/// Where the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Newest,
    /// Ends just before this.
    Before(Position),
    /// Begins just after this.
    After(Position),
}

/// A place in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    Seq(i64),
    Message(MessageId),
    TimeMs(i64),
}

/// Messages in `seq` order.
#[derive(Debug)]
pub struct Messages {
    pub messages: Vec<Message>,
    /// From where to go on in the same direction; none where the log ends.
    pub next_seq: Option<i64>,
    pub head: Head,
}

/// Reads a page.
///
/// # Errors
/// If there is no such room, or the user is not a member of it; if the position is not in it; or the
/// store fails.
pub async fn list(context: &Context, command: ListMessages) -> Result<Messages, Error> {
    let ListMessages {
        user,
        room,
        limit,
        page,
    } = command;
    check(context, room, user).await?;
    let head = context
        .heads
        .exact_one(room)
        .await?
        .ok_or(Error::RoomNotFound)?;
    let (first, last) = match page {
        Page::Newest => up_to(head.seq, limit),
        Page::Before(position) => {
            let end = first_at(context, room, head, position).await?;
            up_to((end - 1).min(head.seq), limit)
        }
        Page::After(position) => {
            let start = first_after(context, room, head, position).await?;
            (start, head.seq.min(start.saturating_add(limit - 1)))
        }
    };
    let mut messages = Vec::new();
    if first <= last {
        let whose = (user, room);
        let (page, hidden) = tokio::try_join!(
            context.store.messages_by_seq(room, first, last),
            context.store.hidden_between(whose, first, last),
        )?;
        messages = page;
        messages.retain(|message| !hidden.contains(&message.id));
    }
    let next_seq = match page {
        Page::Newest | Page::Before(_) => (first > 1 && first <= last).then_some(first),
        Page::After(_) => (last < head.seq && first <= last).then_some(last),
    };
    Ok(Messages {
        messages,
        next_seq,
        head,
    })
}

/// The last `limit` numbers up to `last`.
fn up_to(last: i64, limit: i64) -> (i64, i64) {
    ((last - limit + 1).max(1), last)
}

/// The number of the message at this position, or of the first one from then on.
async fn first_at(
    context: &Context,
    room: RoomId,
    head: Head,
    position: Position,
) -> Result<i64, Error> {
    match position {
        Position::Seq(seq) => Ok(seq),
        Position::Message(id) => seq_of(context, room, id).await,
        Position::TimeMs(time) => first_since(context, room, head, time).await,
    }
}

/// The number of the first message after this position.
async fn first_after(
    context: &Context,
    room: RoomId,
    head: Head,
    position: Position,
) -> Result<i64, Error> {
    match position {
        Position::Seq(seq) => Ok(seq.saturating_add(1)),
        Position::Message(id) => Ok(seq_of(context, room, id).await? + 1),
        Position::TimeMs(time) => first_since(context, room, head, time.saturating_add(1)).await,
    }
}

/// How many places one look takes in. With 15, a million messages take five looks.
const PROBES: i64 = 15;

/// The number of the first message created at `time` or later; one past the head if there is none.
/// Times never go back along a log, so it can be searched without an index on them.
async fn first_since(context: &Context, room: RoomId, head: Head, time: i64) -> Result<i64, Error> {
    // It is among first..=last + 1.
    let (mut first, mut last) = (1, head.seq);
    while first <= last {
        let step = ((last - first + 1) / (PROBES + 1)).max(1);
        let probes: Vec<i64> = (0..PROBES)
            .map(|probe| first + step * (probe + 1) - 1)
            .filter(|seq| *seq <= last)
            .collect();
        for probe in context.store.times_of(room, &probes).await? {
            if probe.at_ms < time {
                first = first.max(probe.seq + 1);
            } else {
                last = last.min(probe.seq - 1);
            }
        }
    }
    Ok(first)
}
