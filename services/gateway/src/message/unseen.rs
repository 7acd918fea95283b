//! How many messages of others one has not read: what is one's own does not count.

use confab_proto::message::list_messages_request::Cursor;
use confab_proto::message::position::At;
use confab_proto::message::{ListMessagesRequest, Position, Room};
use futures_util::{StreamExt as _, stream};

use crate::gateway::Gateway;
use crate::principal::Principal;

/// So many are counted; more are said to be so many.
const COUNTED: i32 = 200;
/// In how many rooms they are counted at once.
const SIDE_BY_SIDE: usize = 8;

/// How many messages of others are unread in each of these rooms, in their order.
pub async fn unseen(gateway: &Gateway, principal: &Principal, rooms: &[Room]) -> Vec<i64> {
    let asked: Vec<_> = rooms
        .iter()
        .map(|room| one(gateway, principal, room))
        .collect();
    stream::iter(asked).buffered(SIDE_BY_SIDE).collect().await
}

async fn one(gateway: &Gateway, principal: &Principal, room: &Room) -> i64 {
    let head = room.head.as_ref().map_or(0, |head| head.seq);
    if head <= room.read_seq {
        return 0;
    }
    let (me, after) = (principal.user.to_string(), At::Seq(room.read_seq));
    let request = ListMessagesRequest {
        user_id: me.clone(),
        room_id: room.id.clone(),
        limit: COUNTED,
        cursor: Some(Cursor::After(Position { at: Some(after) })),
    };
    match gateway.clients.message_store.list_messages(request).await {
        Ok(page) => {
            let others = page
                .messages
                .iter()
                .filter(|one| one.from != me && one.note.is_none());
            i64::try_from(others.count()).unwrap_or(i64::MAX)
        }
        Err(fault) => {
            tracing::warn!(%fault, "cannot count what is unread, going on with what was sent");
            head - room.read_seq
        }
    }
}
