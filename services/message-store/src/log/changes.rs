//! What changed in a room after a revision.

use std::collections::{HashMap, HashSet};

use confab_ids::{MessageId, RoomId, UserId};

use super::{Head, Record, What};
use crate::context::Context;
use crate::error::Error;
use crate::message::update::bring_up;
use crate::message::{Act, Change, Message};
use crate::store::Logged;

/// Changes in `rev` order.
pub struct Changes {
    pub changes: Vec<Changed>,
    pub head: Head,
    /// Up to which revision nothing is missing.
    pub complete_rev: i64,
    /// If above what was asked for, what changed up to here is kept no longer.
    pub trimmed_rev: i64,
}

/// What stands at one revision.
pub struct Changed {
    pub rev: i64,
    pub what: Now,
}

/// A change as it is seen now.
// Nearly all are messages: a box would be made for each, to save a little where there is none.
#[allow(clippy::large_enum_variant)]
pub enum Now {
    /// A message, appended or changed at this revision, in its newest state.
    Message(Message),
    /// A message was hidden from a user.
    Hidden { user: UserId, message: MessageId },
}

/// Reads what changed after `after_rev`, looking at no more than `limit` revisions. A message that was
/// appended among them stands where it was appended, so that messages come in the order of their numbers;
/// one that was changed stands at the last of its changes among them. Both show it as it is now.
///
/// # Errors
/// If there is no such room, or the store fails.
pub async fn changes(
    context: &Context,
    room: RoomId,
    after_rev: i64,
    limit: i64,
) -> Result<Changes, Error> {
    // The head first: all up to it is there when the records are read.
    let head = context
        .heads
        .exact_one(room)
        .await?
        .ok_or(Error::RoomNotFound)?;
    let (mut from, mut trimmed_rev) = (after_rev, 0);
    let (mut records, mut complete_rev) = read(context, (room, head), from, limit).await?;
    // A log has no holes but at its beginning.
    let begins = records.first().map(Logged::rev);
    if complete_rev > from && begins != Some(from + 1) {
        let found = context.store.find_room(room).await?;
        trimmed_rev = found.map_or(0, |room| room.trimmed.rev);
        if trimmed_rev > from {
            from = trimmed_rev;
            (records, complete_rev) = read(context, (room, head), from, limit).await?;
        }
    }
    Ok(Changes {
        changes: compact(context, records).await?,
        head,
        complete_rev,
        trimmed_rev,
    })
}

/// The records after a revision, and up to which one.
async fn read(
    context: &Context,
    (room, head): (RoomId, Head),
    after_rev: i64,
    limit: i64,
) -> Result<(Vec<Logged>, i64), Error> {
    let last = head.rev.min(after_rev.saturating_add(limit));
    if last <= after_rev {
        return Ok((Vec::new(), last));
    }
    let records = context.store.records_by_rev(room, after_rev + 1, last);
    Ok((records.await?, last))
}

async fn compact(context: &Context, records: Vec<Logged>) -> Result<Vec<Changed>, Error> {
    let mut newest: HashMap<MessageId, Message> = HashMap::new();
    let mut last: HashMap<MessageId, i64> = HashMap::new();
    for record in &records {
        match record {
            Logged::Message(message) => drop(newest.insert(message.id, message.clone())),
            Logged::Change(record) => {
                if let Some(target) = seen_by_all(record) {
                    last.insert(target, record.rev);
                }
            }
        }
    }
    let elsewhere: Vec<MessageId> = last
        .keys()
        .filter(|id| !newest.contains_key(id))
        .copied()
        .collect();
    for message in context.store.find_messages(&elsewhere).await? {
        newest.insert(message.id, message);
    }
    for (id, rev) in &last {
        // A record whose writer did not come to apply it.
        if newest.get(id).is_some_and(|message| message.rev() < *rev) {
            newest.insert(*id, bring_up(context, *id).await?);
        }
    }
    let mut told = HashSet::new();
    let mut changes: Vec<Changed> = records
        .into_iter()
        .rev()
        .filter_map(|record| what_is_seen(&record, &newest, &mut told))
        .collect();
    changes.reverse();
    Ok(changes)
}

/// The message that a change concerns; none if it concerns one user alone.
fn seen_by_all(record: &Record) -> Option<MessageId> {
    match &record.what {
        What::Change(Change { target, act }) if *act != Act::Hide => Some(*target),
        _ => None,
    }
}

/// Walks backwards: `told` has the messages of which a later change is told already.
fn what_is_seen(
    record: &Logged,
    newest: &HashMap<MessageId, Message>,
    told: &mut HashSet<MessageId>,
) -> Option<Changed> {
    let rev = record.rev();
    let what = match record {
        Logged::Message(message) => Now::Message(newest.get(&message.id)?.clone()),
        Logged::Change(change) => match (&change.what, seen_by_all(change)) {
            (_, Some(target)) if told.insert(target) => Now::Message(newest.get(&target)?.clone()),
            (_, Some(_)) => return None,
            (What::Change(Change { target, .. }), None) => Now::Hidden {
                user: change.from,
                message: *target,
            },
            (What::Message(_), None) => return None,
        },
    };
    Some(Changed { rev, what })
}

impl Changed {
    /// The message that it shows.
    #[must_use]
    pub const fn message(&self) -> Option<&Message> {
        match &self.what {
            Now::Message(message) => Some(message),
            Now::Hidden { .. } => None,
        }
    }
}

/// Leaves out what does not concern a user: what others have hidden, and what they have hidden
/// themselves but for the news of it.
///
/// # Errors
/// If the store fails.
pub async fn keep_what_concerns(
    context: &Context,
    changes: &mut Vec<Changed>,
    user: UserId,
) -> Result<(), Error> {
    let messages = changes.iter().filter_map(Changed::message);
    let ids: Vec<MessageId> = messages.map(|message| message.id).collect();
    let hidden = context.store.hidden_among(user, &ids).await?;
    changes.retain(|change| match &change.what {
        Now::Message(message) => !hidden.contains(&message.id),
        Now::Hidden { user: by, .. } => *by == user,
    });
    Ok(())
}
