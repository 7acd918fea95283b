//! Where a user's rooms are when a client is about to hear that it is connected. A client that is told nothing
//! more takes it that it hears everything from then on, while its socket is still being made ready.

use std::collections::HashMap;

use confab_fault::Fault;
use confab_ids::{RoomId, UserId};
use confab_proto::message::{ListRoomsRequest, Room};

use crate::gateway::Gateway;

/// The revisions of a user's rooms at that moment.
#[derive(Clone)]
pub struct Heads(HashMap<RoomId, i64>);

impl Heads {
    /// Reads them.
    pub async fn read(gateway: &Gateway, user: UserId) -> Result<Self, Fault> {
        let request = ListRoomsRequest {
            user_id: user.to_string(),
            ..ListRoomsRequest::default()
        };
        let list = gateway.rooms.message_store().list_rooms(request).await?;
        let head = |room: &Room| Some((room.id.parse().ok()?, rev(room)));
        Ok(Self(list.rooms.iter().filter_map(head).collect()))
    }

    /// After which revision the socket is to hear of a room, which it may have come into since.
    pub fn after(&self, id: RoomId, room: &Room) -> i64 {
        self.0.get(&id).copied().unwrap_or(room.joined_rev)
    }
}

/// A room's revision, as it was listed.
pub fn rev(room: &Room) -> i64 {
    room.head.as_ref().map_or(0, |head| head.rev)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use confab_ids::RoomId;
    use confab_proto::message::{Head, Room};

    use super::{Heads, rev};

    #[test]
    fn a_room_goes_on_from_where_it_was_and_a_new_one_from_where_one_came_in() {
        let (known, new) = (RoomId::generate(), RoomId::generate());
        let heads = Heads(HashMap::from([(known, 7)]));
        let room = Room {
            joined_rev: 3,
            head: Some(Head {
                rev: 9,
                ..Head::default()
            }),
            ..Room::default()
        };
        assert_eq!(heads.after(known, &room), 7);
        assert_eq!(heads.after(new, &room), 3);
        assert_eq!(rev(&room), 9);
    }
}
