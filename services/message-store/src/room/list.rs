//! A user's rooms, the most recently active first.

use std::collections::HashMap;

use confab_ids::{RoomId, UserId};

use super::see::views;
use super::{Room, RoomView};
use crate::context::Context;
use crate::error::Error;
use crate::member::Member;

/// The most rooms in one answer.
pub const MAX_ROOMS: usize = 1_000;
/// The most memberships that are looked at. Who is in more rooms sees a part of them.
const MAX_MEMBERSHIPS: usize = 10_000;

/// Lists at most `limit` rooms.
///
/// # Errors
/// If the store fails.
pub async fn list(context: &Context, user: UserId, limit: usize) -> Result<Vec<RoomView>, Error> {
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
    views.sort_by_key(|view| (std::cmp::Reverse(view.active_at_ms()), view.room.id));
    views.truncate(limit);
    Ok(views)
}
