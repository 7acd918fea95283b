//! Where a room ends, as a member sees it.

use confab_fault::Kind;
use confab_ids::RoomId;
use confab_proto::message::GetRoomRequest;

use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// The number of a room's last message; none if there is no such room for them.
pub async fn last_seq(
    gateway: &Gateway,
    principal: &Principal,
    room: RoomId,
) -> Result<Option<i64>, Error> {
    let request = GetRoomRequest {
        user_id: principal.user.to_string(),
        room_id: room.to_string(),
    };
    match gateway.clients.message_store.get_room(request).await {
        Ok(answer) => Ok(answer.room.and_then(|room| room.head).map(|head| head.seq)),
        Err(fault) if fault.kind() == Kind::NotFound => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}
