//! Reading up to the furthest of some messages, for clients that name what they have read one by one.

use confab_ids::{MessageId, RoomId};
use confab_proto::event::CursorAdvanced;
use confab_proto::message::ListMessagesRequest;

use super::advance::{AdvanceCursor, Status, advance};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::message::read;
use crate::principal::Principal;

/// How many messages may be named at once.
const MOST: usize = 1_000;
/// How many of the room's last messages are looked through for them.
const LAST: i32 = 200;

/// Moves the read cursor to the furthest of these messages; none of them in the room moves nothing.
pub async fn read_to(
    gateway: &Gateway,
    principal: &Principal,
    room: RoomId,
    messages: &[MessageId],
) -> Result<Option<CursorAdvanced>, Error> {
    if messages.len() > MOST {
        return Err(Error::field("messageIds", "must be 1000 at most"));
    }
    let Some(seq) = furthest(gateway, principal, room, messages).await? else {
        return Ok(None);
    };
    let command = AdvanceCursor {
        room_id: room,
        seq: Some(seq),
        message_id: None,
        status: Status::Read,
    };
    advance(gateway, principal, command).await.map(Some)
}

/// The number of the furthest of these messages. Ids of one second do not tell which came first.
async fn furthest(
    gateway: &Gateway,
    principal: &Principal,
    room: RoomId,
    messages: &[MessageId],
) -> Result<Option<i64>, Error> {
    let request = ListMessagesRequest {
        user_id: principal.user.to_string(),
        room_id: room.to_string(),
        limit: LAST,
        cursor: None,
    };
    let page = gateway.clients.message_store.list_messages(request).await?;
    let is_named = |id: &str| id.parse().is_ok_and(|id| messages.contains(&id));
    let named = page.messages.iter().filter(|one| is_named(&one.id));
    if let Some(seq) = named.map(|one| one.seq).max() {
        return Ok(Some(seq));
    }
    // Older ones: the last that was made is close enough to the last that came.
    let Some(last) = messages.iter().max() else {
        return Ok(None);
    };
    let shown = match read::one(gateway, principal, *last).await {
        Err(Error::Peer(fault)) if fault.kind() == confab_fault::Kind::NotFound => return Ok(None),
        shown => shown?,
    };
    let here = room.to_string();
    let mut found = shown.messages.iter().filter(|one| one.room_id == here);
    Ok(found.next().map(|one| one.seq))
}
