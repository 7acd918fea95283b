//! Who has received and read which messages, worked out from how far the members have come. No I/O but one
//! call.

use confab_ids::{RoomId, UserId};
use confab_proto::message::{ListReceiptsRequest, Message, Move};

use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// How far the members of a room have come; of a large room only the first.
#[derive(Default)]
pub struct Receipts(Vec<confab_proto::message::Receipts>);

/// When somebody did something with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark<'a> {
    /// Who.
    pub user: &'a str,
    /// In milliseconds since the Unix epoch.
    pub at_ms: i64,
}

/// The receipts of a room.
pub async fn receipts(
    gateway: &Gateway,
    principal: &Principal,
    room: RoomId,
) -> Result<Receipts, Error> {
    let request = ListReceiptsRequest {
        user_id: principal.user.to_string(),
        room_id: room.to_string(),
    };
    let answer = gateway.clients.message_store.list_receipts(request).await?;
    Ok(Receipts(answer.members))
}

impl Receipts {
    /// Those who have read a message, its sender not among them.
    pub fn readers<'a>(&'a self, message: &'a Message) -> impl Iterator<Item = Mark<'a>> {
        self.marks(message, |receipts| &receipts.read)
    }

    /// Those who have received a message, its sender not among them.
    pub fn receivers<'a>(&'a self, message: &'a Message) -> impl Iterator<Item = Mark<'a>> {
        self.marks(message, |receipts| &receipts.delivered)
    }

    /// When the other one of a room of two has read a message, if they have.
    pub fn read_at(&self, message: &Message, by: UserId) -> Option<i64> {
        let by = by.to_string();
        let mark = self.readers(message).find(|mark| mark.user == by);
        mark.map(|mark| mark.at_ms)
    }

    fn marks<'a>(
        &'a self,
        message: &'a Message,
        moves: fn(&confab_proto::message::Receipts) -> &Vec<Move>,
    ) -> impl Iterator<Item = Mark<'a>> {
        let others = self.0.iter().filter(|one| one.user_id != message.from);
        others.filter_map(move |receipts| {
            let reached = moves(receipts).iter().find(|one| one.seq >= message.seq)?;
            Some(Mark {
                user: &receipts.user_id,
                at_ms: reached.at_ms,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use confab_proto::message::{Message, Move, Receipts as Member};

    use super::{Mark, Receipts};

    #[test]
    fn a_message_was_read_when_the_cursor_first_came_so_far() {
        let moves = |moves: &[(i64, i64)]| {
            moves
                .iter()
                .map(|&(seq, at_ms)| Move { seq, at_ms })
                .collect()
        };
        let member = |id: &str, read| Member {
            user_id: id.to_owned(),
            delivered: moves(&[(9, 5)]),
            read: moves(read),
        };
        let receipts = Receipts(vec![
            member("ann", &[(4, 40)]),
            member("bob", &[(2, 20), (5, 50)]),
            member("eve", &[]),
        ]);
        let message = |seq| Message {
            seq,
            from: "ann".to_owned(),
            ..Message::default()
        };
        let readers = |seq| {
            receipts
                .readers(&message(seq))
                .map(|one| one.at_ms)
                .collect::<Vec<_>>()
        };
        assert_eq!(readers(2), [20]);
        assert_eq!(readers(3), [50]);
        assert_eq!(readers(6), [] as [i64; 0]);
        let third = message(3);
        let receivers: Vec<_> = receipts.receivers(&third).collect();
        let mark = |user| Mark { user, at_ms: 5 };
        assert_eq!(receivers, [mark("bob"), mark("eve")]);
    }
}
