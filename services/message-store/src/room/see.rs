//! A room as one of its members sees it.

use confab_ids::{RoomId, UserId};

use super::{Room, RoomView};
use crate::context::Context;
use crate::error::Error;
use crate::member::Member;

/// Reads one room.
///
/// # Errors
/// If there is no such room, or the user is not a member of it; or the store fails.
pub async fn see(context: &Context, user: UserId, room: RoomId) -> Result<RoomView, Error> {
    let (member, room) = tokio::try_join!(
        context.store.find_member(room, user),
        context.store.find_room(room)
    )?;
    let (member, room) = member.zip(room).ok_or(Error::RoomNotFound)?;
    let mut views = views(context, vec![(room, member)]).await?;
    views.pop().ok_or(Error::RoomNotFound)
}

/// Adds exact heads and last messages to rooms, in no order.
pub(super) async fn views(
    context: &Context,
    rooms: Vec<(Room, Member)>,
) -> Result<Vec<RoomView>, Error> {
    let hints = rooms
        .iter()
        .map(|(room, _)| (room.id, room.head_hint))
        .collect();
    let mut tails = context.heads.tails(hints).await?;
    let view = |(room, member): (Room, Member)| {
        let tail = tails.remove(&room.id).unwrap_or_default();
        RoomView {
            room,
            member,
            head: tail.head,
            last_message: tail.last,
        }
    };
    Ok(rooms.into_iter().map(view).collect())
}
