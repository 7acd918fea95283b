//! Whether somebody may write to somebody.

use confab_ids::{RoomId, UserId};
use confab_proto::message::GetRoomRequest;

use crate::error::Error;
use crate::gateway::Gateway;

/// Whether a user may have a room of two with another one.
pub async fn pair(gateway: &Gateway, user: UserId, other: UserId) -> Result<(), Error> {
    if gateway.blocks.blockers(user).await.contains(&other) {
        Err(Error::Blocked)
    } else {
        Ok(())
    }
}

/// Whether a user may write into a room, as far as blocks go. Nearly everybody is blocked by nobody, and
/// then the room is not looked at.
pub async fn room(gateway: &Gateway, user: UserId, room: RoomId) -> Result<(), Error> {
    let blockers = gateway.blocks.blockers(user).await;
    if blockers.is_empty() {
        return Ok(());
    }
    let Some(pair) = two_of(gateway, user, room).await? else {
        return Ok(());
    };
    if pair.iter().any(|one| blockers.contains(one)) {
        return Err(Error::Blocked);
    }
    Ok(())
}

/// The two of a room of two; nobody for a group.
async fn two_of(gateway: &Gateway, user: UserId, id: RoomId) -> Result<Option<[UserId; 2]>, Error> {
    if let Some(known) = gateway.blocks.0.pairs.get(&id) {
        return Ok(known);
    }
    let request = GetRoomRequest {
        user_id: user.to_string(),
        room_id: id.to_string(),
    };
    // Who is not in the room learns no more than that it is not there.
    let answer = gateway.clients.message_store.get_room(request).await?;
    let room = answer.room.ok_or(Error::RoomNotFound)?;
    let members: Vec<UserId> = room
        .member_ids
        .iter()
        .filter_map(|id| id.parse().ok())
        .collect();
    let two = match members[..] {
        [one, other] if !room.is_group => Some([one, other]),
        _ => None,
    };
    gateway.blocks.0.pairs.insert(id, two);
    Ok(two)
}
