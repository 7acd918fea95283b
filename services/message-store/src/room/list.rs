//! A user's rooms, the most recently active first.

use std::collections::HashMap;

use confab_ids::{RoomId, UserId};

use super::see::views;
use super::{Room, RoomView};
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;
use crate::member::Member;

/// The most rooms in one answer.
pub const MAX_ROOMS: usize = 1_000;
/// The most memberships that are looked at. Who is in more rooms sees a part of them.
const MAX_MEMBERSHIPS: usize = 10_000;

/// A part of a user's rooms.
pub struct Rooms {
    pub views: Vec<RoomView>,
    /// Where to go on; none at the end.
    pub next: Option<Place>,
    /// Over all of the rooms.
    pub total_unread: i64,
}

/// A place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    active_at_ms: i64,
    room: RoomId,
}

impl Place {
    const fn of(view: &RoomView, active_at_ms: i64) -> Self {
        Self {
            active_at_ms,
            room: view.room.id,
        }
    }

    /// # Errors
    /// If it is not what was answered.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::Cursor("the cursor is not one that was answered");
        let (at, room) = text.split_once('.').ok_or_else(wrong)?;
        Ok(Self {
            active_at_ms: at.parse().map_err(|_| wrong())?,
            room: room.parse().map_err(|_| wrong())?,
        })
    }

    fn key(self) -> (std::cmp::Reverse<i64>, RoomId) {
        (std::cmp::Reverse(self.active_at_ms), self.room)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.active_at_ms, self.room)
    }
}

/// Lists at most `limit` rooms after a place.
///
/// # Errors
/// If the store fails.
pub async fn list(
    context: &Context,
    user: UserId,
    after: Option<Place>,
    limit: usize,
) -> Result<Rooms, Error> {
    let memberships = context.store.memberships(user, MAX_MEMBERSHIPS).await?;
    let ids: Vec<RoomId> = memberships.iter().map(|member| member.room).collect();
    let mut members: HashMap<RoomId, Member> = memberships
        .into_iter()
        .map(|member| (member.room, member))
        .collect();
    let mut rooms = context.store.find_rooms(&ids).await?;
    if rooms.len() > MAX_ROOMS {
        // Only for who is in so many does the order by hints decide who is in at all.
        rooms.sort_by_key(|room| std::cmp::Reverse(room.active_hint_ms));
        rooms.truncate(MAX_ROOMS);
    }
    let rooms: Vec<(Room, Member)> = rooms
        .into_iter()
        .filter_map(|room| members.remove(&room.id).map(|member| (room, member)))
        .collect();
    let mut views = views(context, rooms).await?;
    let total_unread = views.iter().map(RoomView::unread).sum();
    let place = |view: &RoomView| Place::of(view, view.active_at_ms());
    if let Some(after) = after {
        views.retain(|view| place(view).key() > after.key());
    }
    views.sort_by_key(|view| place(view).key());
    let has_more = views.len() > limit;
    views.truncate(limit);
    Ok(Rooms {
        next: views.last().filter(|_| has_more).map(place),
        views,
        total_unread,
    })
}
