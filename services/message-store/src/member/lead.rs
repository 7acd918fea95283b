//! Who leads a room: its owner and its admins.

use confab_ids::{RoomId, UserId};

use super::Role;
use crate::context::Context;
use crate::error::Error;

/// Whether a user leads a room.
///
/// # Errors
/// If the store fails.
pub async fn leads(context: &Context, room: RoomId, user: UserId) -> Result<bool, Error> {
    let member = context.store.find_member(room, user).await?;
    Ok(member.is_some_and(|member| member.role != Role::Member))
}

/// Whether a user leads a room, or the room has no leaders, being one of two people.
///
/// # Errors
/// If the store fails.
pub async fn leads_or_is_one_of_two(
    context: &Context,
    room: RoomId,
    user: UserId,
) -> Result<bool, Error> {
    if leads(context, room, user).await? {
        return Ok(true);
    }
    let room = context.store.find_room(room).await?;
    Ok(room.is_some_and(|room| !room.is_group))
}
