//! Finding messages, the newest first.
//!
//! The index is looked through in spans of days, from the newest on, each four times as long as the one
//! before: what was said lately is found at once, and what is rare within a few steps. Order is that of
//! the ids, which is that of time but for what several replicas wrote within one second.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use confab_ids::{MessageId, RoomId};
use futures_util::{StreamExt as _, stream};

use super::{Search, index};
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::member::check::check;
use crate::message::Message;
use crate::store::{Mark, Range, day_of};

/// In how many rooms of a user is searched; the most recent memberships are not told apart from others.
const MOST_ROOMS: usize = 1_000;
/// How many spans one call looks through; together they are 5,461 days.
const MOST_SPANS: usize = 7;
/// How many rooms that were left behind are brought up to date first, and how long that may take.
const MOST_LEFT_BEHIND: usize = 8;
const PATIENCE: Duration = Duration::from_secs(1);

/// Found messages, the newest first.
pub struct Found {
    pub messages: Vec<Message>,
    /// Where to go on; none if everything has been looked at.
    pub next: Option<MessageId>,
}

/// Finds what has all the terms.
///
/// # Errors
/// If searching is off; if a room is named of which the user is not a member, or the store fails.
pub async fn find(context: &Arc<Context>, search: &Search) -> Result<Found, Error> {
    if !context.searchable {
        return Err(Error::SearchOff);
    }
    let rooms = rooms(context, search).await?;
    let marks = context.store.search_marks(&rooms).await?;
    bring_up_to_date(context, &marks).await;
    let oldest = marks.values().map(|mark| mark.created_at_ms).min();
    let Some(oldest) = oldest else {
        return Ok(Found {
            messages: Vec::new(),
            next: None,
        });
    };
    let since_ms = search.since_ms.unwrap_or_default().max(oldest);
    let first = MessageId::first_of(seconds(since_ms));
    let until = MessageId::first_of(seconds(search.until_ms.unwrap_or_else(now_ms)) + 2);
    let mut end = search.before.map_or(until, |before| before.min(until));
    let mut messages = Vec::new();
    let mut days = 1;
    for _ in 0..MOST_SPANS {
        if end <= first {
            return Ok(Found {
                messages,
                next: None,
            });
        }
        let last_day = day_of(end);
        let first_day = (last_day - days + 1).max(day_of(first));
        let range = Range {
            rooms: &rooms,
            days: (first_day, last_day),
            ids: (first, end),
            from: search.from,
        };
        let wanted = search.limit - messages.len();
        let ids = context.store.search(range, &search.terms, wanted).await?;
        messages.append(&mut look_at(context, search, &ids).await?);
        if ids.len() == wanted {
            // There may be more in this very span.
            end = ids.last().copied().unwrap_or(end);
            if messages.len() == search.limit {
                return Ok(Found {
                    messages,
                    next: Some(end),
                });
            }
        } else {
            end = MessageId::first_of(u32::try_from(first_day).unwrap_or(0) * 86_400);
            days *= 4;
        }
    }
    let next = (end > first).then_some(end);
    Ok(Found { messages, next })
}

/// Where to search.
async fn rooms(context: &Context, search: &Search) -> Result<Vec<RoomId>, Error> {
    if let Some(room) = search.room {
        check(context, room, search.user).await?;
        return Ok(vec![room]);
    }
    let memberships = context.store.memberships(search.user, MOST_ROOMS).await?;
    Ok(memberships.into_iter().map(|member| member.room).collect())
}

/// Indexes rooms that nobody has indexed since they moved; if that takes too long, it goes on without
/// the caller.
async fn bring_up_to_date(context: &Arc<Context>, marks: &HashMap<RoomId, Mark>) {
    let behind = marks
        .iter()
        .filter(|(_, mark)| mark.indexed_rev < mark.head_rev)
        .map(|(room, _)| *room);
    let mut behind: Vec<RoomId> = behind.collect();
    let later = behind.split_off(behind.len().min(MOST_LEFT_BEHIND));
    context.backlog.note(later);
    if behind.is_empty() {
        return;
    }
    let shared = context.clone();
    let work = tokio::spawn(async move {
        stream::iter(behind)
            .for_each_concurrent(MOST_LEFT_BEHIND, |room| {
                let context = &shared;
                async move {
                    if index::catch_up(context, room).await.is_err() {
                        context.backlog.note([room]);
                    }
                }
            })
            .await;
    });
    let _ = tokio::time::timeout(PATIENCE, work).await;
}

/// The messages themselves: those that the caller may see, and that still are what is searched for.
async fn look_at(
    context: &Context,
    search: &Search,
    ids: &[MessageId],
) -> Result<Vec<Message>, Error> {
    let mut messages = context.store.find_messages(ids).await?;
    let hidden = context.store.hidden_among(search.user, ids).await?;
    messages.retain(|message| {
        let at = message.created_at_ms;
        !hidden.contains(&message.id)
            && search.since_ms.is_none_or(|since| at >= since)
            && search.until_ms.is_none_or(|until| at < until)
            && search.terms.match_text(message.content())
    });
    messages
        .sort_unstable_by_key(|message| std::cmp::Reverse((message.created_at_ms, message.seq)));
    Ok(messages)
}

fn seconds(ms: i64) -> u32 {
    u32::try_from(ms.max(0) / 1_000).unwrap_or(u32::MAX - 2)
}
