//! The cursors in the collection `members`, and when they came where.

use confab_ids::{RoomId, UserId};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use serde::Deserialize;

use super::members::{ANSWER, one};
use super::{Store, StoreError};
use crate::receipt::{Cursor, Move, Raised, Reader, Receipts};

/// How many moves of each cursor are kept with a member: some weeks of somebody who reads a few times a
/// day, in a few kilobytes.
const MOVES_KEPT: i32 = 100;

impl Store {
    /// Members with ids above `after` who have received a message, and when, at most `limit`, in the
    /// order of their ids.
    pub async fn receivers(
        &self,
        (room, seq): (RoomId, i64),
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Reader>, StoreError> {
        let mut filter = doc! { "roomId": room.object_id(), "deliveredSeq": { "$gte": seq } };
        if let Some(user) = after {
            filter.insert("userId", doc! { "$gt": user.object_id() });
        }
        let members = self.members.clone_with_type::<MovesDocument>();
        let find = members
            .find(filter)
            .sort(doc! { "roomId": 1, "userId": 1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .batch_size(ANSWER);
        let found = self.all(find).await?;
        Ok(found.into_iter().map(|moves| moves.at(seq)).collect())
    }

    /// How far the first members of a room have come, in the order of their ids, at most `limit`.
    pub async fn receipts(&self, room: RoomId, limit: usize) -> Result<Vec<Receipts>, StoreError> {
        let members = self.members.clone_with_type::<MovesDocument>();
        let find = members
            .find(doc! { "roomId": room.object_id() })
            .sort(doc! { "roomId": 1, "userId": 1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .batch_size(ANSWER);
        Ok(self
            .all(find)
            .await?
            .into_iter()
            .map(Receipts::from)
            .collect())
    }

    /// Moves a member's cursor, and what moves along with it, if it is behind `seq`. Answers where the
    /// cursors are then; none if there is no such member.
    ///
    /// That it was behind is asked within the update: a filter of more than the index has would make some
    /// engines look at all members of the room, and of racing updates not every engine answers truly how
    /// the document was before.
    pub async fn raise_cursor(
        &self,
        room: RoomId,
        user: UserId,
        (cursor, seq): (Cursor, i64),
        at_ms: i64,
    ) -> Result<Option<Raised>, StoreError> {
        let raise = raise(cursor, seq, at_ms);
        let update = self
            .within(self.members.update_one(one(room, user), raise))
            .await?;
        let members = self.members.clone_with_type::<RaisedDocument>();
        let found = self.within(members.find_one(one(room, user))).await?;
        let moved = update.modified_count > 0;
        Ok(found.map(|member| match cursor {
            Cursor::Read if moved => Raised {
                moved,
                previous_read_seq: member.read_before(seq),
                // Somebody may have moved it on since.
                read_seq: seq,
                delivered_seq: member.delivered_seq,
            },
            _ => Raised {
                moved,
                previous_read_seq: member.read_seq,
                read_seq: member.read_seq,
                delivered_seq: member.delivered_seq,
            },
        }))
    }
}

/// The update that moves a cursor to `seq` if it is behind that, and changes nothing if not.
fn raise(cursor: Cursor, seq: i64, at_ms: i64) -> Vec<Document> {
    let names: &[_] = match cursor {
        Cursor::Delivered => &["delivered"],
        // What is read was delivered.
        Cursor::Read => &["read", "delivered"],
    };
    let mut raised = doc! {};
    for name in names {
        let (field, moves) = (format!("{name}Seq"), format!("{name}Moves"));
        let reached = format!("${field}");
        let before = doc! { "$ifNull": [format!("${moves}"), []] };
        let step = [doc! { "seq": seq, "at": DateTime::from_millis(at_ms) }];
        let after = doc! { "$concatArrays": [before.clone(), step.to_vec()] };
        let kept = doc! { "$slice": [after, -MOVES_KEPT] };
        let moved = doc! { "$cond": [{ "$lt": [&reached, seq] }, kept, before] };
        raised.insert(moves, moved);
        raised.insert(field, doc! { "$max": [reached, seq] });
    }
    vec![doc! { "$set": raised }]
}

/// How far a member's cursors came, and when.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MovesDocument {
    user_id: ObjectId,
    #[serde(default)]
    delivered_moves: Vec<MoveDocument>,
    #[serde(default)]
    read_moves: Vec<MoveDocument>,
}

#[derive(Deserialize)]
struct MoveDocument {
    seq: i64,
    at: DateTime,
}

/// A member after a cursor was moved.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RaisedDocument {
    read_seq: i64,
    delivered_seq: i64,
    #[serde(default)]
    read_moves: Vec<MoveDocument>,
}

impl RaisedDocument {
    /// Where the read cursor was before it came to `seq`: the move before that one.
    fn read_before(&self, seq: i64) -> i64 {
        let moves = self.read_moves.iter().map(|one| one.seq);
        moves.filter(|one| *one < seq).max().unwrap_or(0)
    }
}

impl From<MovesDocument> for Receipts {
    fn from(document: MovesDocument) -> Self {
        let moves = |moves: Vec<MoveDocument>| {
            let moves = moves.into_iter().map(|one| Move {
                seq: one.seq,
                at_ms: one.at.timestamp_millis(),
            });
            moves.collect()
        };
        Self {
            user: UserId::from(document.user_id),
            delivered: moves(document.delivered_moves),
            read: moves(document.read_moves),
        }
    }
}

impl MovesDocument {
    /// When the cursors came to a message.
    fn at(&self, seq: i64) -> Reader {
        let first = |moves: &[MoveDocument]| {
            let reached = moves.iter().find(|move_to| move_to.seq >= seq);
            reached.map_or(0, |move_to| move_to.at.timestamp_millis())
        };
        Reader {
            user: UserId::from(self.user_id),
            delivered_at_ms: first(&self.delivered_moves),
            read_at_ms: first(&self.read_moves),
        }
    }
}
