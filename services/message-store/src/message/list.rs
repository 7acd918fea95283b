//! A page of a room's history.

use confab_ids::{MessageId, RoomId, UserId};

use super::Message;
use super::find::seq_of;
use crate::context::Context;
use crate::error::Error;
use crate::log::Head;
use crate::log::seek::seek;
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
    /// Has this in its middle.
    Around(Position),
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
    /// From where to go back, if the page is around a position; none where the log begins.
    pub previous_seq: Option<i64>,
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
    let (mut first, mut last) = window(context, (room, head), page, limit).await?;
    let mut range = read(context, (user, room), first, last).await?;
    let mut older = first > 1;
    // A log has no holes but at its beginning.
    if range.begins_late {
        let begins = begins(context, room).await?;
        first = first.max(begins);
        if matches!(page, Page::After(_)) {
            last = head.seq.min(first.saturating_add(limit - 1));
            range = read(context, (user, room), first, last).await?;
        }
        range.shown.retain(|message| message.seq >= begins);
        older = false;
    }
    let older = (older && first <= last).then_some(first);
    let newer = (last < head.seq && first <= last).then_some(last);
    let (previous_seq, next_seq) = match page {
        Page::Newest | Page::Before(_) => (None, older),
        Page::After(_) => (None, newer),
        Page::Around(_) => (older, newer),
    };
    Ok(Messages {
        messages: range.shown,
        previous_seq,
        next_seq,
        head,
    })
}

/// The first and the last number of a page.
async fn window(
    context: &Context,
    (room, head): (RoomId, Head),
    page: Page,
    limit: i64,
) -> Result<(i64, i64), Error> {
    let from = |first: i64| (first, head.seq.min(first.saturating_add(limit - 1)));
    Ok(match page {
        Page::Newest => up_to(head.seq, limit),
        Page::Before(position) => {
            let end = first_at(context, room, head, position).await?;
            up_to((end - 1).min(head.seq), limit)
        }
        Page::After(position) => from(first_after(context, room, head, position).await?.max(1)),
        Page::Around(position) => {
            let middle = first_at(context, room, head, position).await?;
            from((middle.min(head.seq) - limit / 2).max(1))
        }
    })
}

/// What a range of numbers holds for a user.
struct Range {
    shown: Vec<Message>,
    /// The first number is not there: the room keeps it no longer.
    begins_late: bool,
}

async fn read(
    context: &Context,
    whose: (UserId, RoomId),
    first: i64,
    last: i64,
) -> Result<Range, Error> {
    if first > last {
        return Ok(Range {
            shown: Vec::new(),
            begins_late: false,
        });
    }
    let (mut messages, hidden) = tokio::try_join!(
        context.store.messages_by_seq(whose.1, first, last),
        context.store.hidden_between(whose, first, last),
    )?;
    let begins_late = messages.first().map(|message| message.seq) != Some(first);
    messages.retain(|message| !hidden.contains(&message.id));
    Ok(Range {
        shown: messages,
        begins_late,
    })
}

/// The number of the first message that the room keeps.
async fn begins(context: &Context, room: RoomId) -> Result<i64, Error> {
    let found = context.store.find_room(room).await?;
    Ok(found.ok_or(Error::RoomNotFound)?.trimmed.seq + 1)
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
        Position::TimeMs(time) => seek(context, room, 1..=head.seq, time).await,
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
        Position::TimeMs(time) => seek(context, room, 1..=head.seq, time.saturating_add(1)).await,
    }
}
