//! A user's sockets here come into a room.

use confab_fault::Fault;
use confab_ids::UserId;
use confab_proto::message::{ListRoomsRequest, Room};

use crate::gateway::Gateway;
use crate::presence::contacts;

/// A user is in a new room: their sockets learn of it, and see who is in it. Repeats are nothing.
pub async fn enter(gateway: &Gateway, user: UserId, room: &Room) {
    for connection in gateway.people.enter(user, room).await {
        contacts::meet(gateway, &connection, std::slice::from_ref(room)).await;
    }
}

/// Events to users may have been lost: looks for rooms that their sockets do not know of.
pub async fn recheck(gateway: &Gateway) -> Result<(), Fault> {
    for user in gateway.people.all() {
        let request = ListRoomsRequest {
            user_id: user.to_string(),
            ..ListRoomsRequest::default()
        };
        let rooms = gateway.clients.message_store.list_rooms(request).await?;
        for room in rooms.rooms {
            enter(gateway, user, &room).await;
        }
    }
    Ok(())
}
