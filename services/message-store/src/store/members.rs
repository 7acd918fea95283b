//! The collection `members`.

use confab_ids::{RoomId, UserId};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::options::ReturnDocument;
use serde::Deserialize;

use super::deadline::{all, within};
use super::documents::MemberDocument;
use super::{Store, StoreError};
use crate::member::Member;
use crate::receipt::{Cursor, Reader};

/// A group has a thousand members at most; a user may be in more rooms, which then come in several
/// answers.
const ANSWER: u32 = 1_000;

/// How many moves of each cursor are kept with a member: some weeks of somebody who reads a few times a
/// day, in a few kilobytes.
const MOVES_KEPT: i32 = 100;

impl Store {
    /// Stores members, except those that are there already.
    pub async fn insert_members(&self, members: &[Member]) -> Result<(), StoreError> {
        let documents: Vec<MemberDocument> = members.iter().map(MemberDocument::from).collect();
        match within(self.members.insert_many(documents).ordered(false)).await {
            Err(error) if !error.only_duplicates() => Err(error),
            _ => Ok(()),
        }
    }

    pub async fn find_member(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<Member>, StoreError> {
        Ok(within(self.members.find_one(one(room, user)))
            .await?
            .map(Member::from))
    }

    /// The members of a room with ids above `after`, in the order of their ids, at most `limit`.
    pub async fn members_after(
        &self,
        room: RoomId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Member>, StoreError> {
        let mut filter = doc! { "roomId": room.object_id() };
        if let Some(user) = after {
            filter.insert("userId", doc! { "$gt": user.object_id() });
        }
        let find = self
            .members
            .find(filter)
            .sort(doc! { "roomId": 1, "userId": 1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .batch_size(ANSWER);
        let found: Vec<MemberDocument> = all(find).await?;
        Ok(found.into_iter().map(Member::from).collect())
    }

    /// Those of the users who are members of a room, in the order in which they are named.
    pub async fn members_among(
        &self,
        room: RoomId,
        users: &[UserId],
    ) -> Result<Vec<UserId>, StoreError> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = users.iter().map(|user| user.object_id()).collect();
        let find = self
            .members
            .find(doc! { "roomId": room.object_id(), "userId": { "$in": ids } })
            .batch_size(ANSWER);
        let found: Vec<MemberDocument> = all(find).await?;
        let members: Vec<UserId> = found.into_iter().map(|m| UserId::from(m.user_id)).collect();
        let is_member = |user: &&UserId| members.contains(user);
        Ok(users.iter().filter(is_member).copied().collect())
    }

    /// A user's memberships, at most `limit`, in no order.
    pub async fn memberships(&self, user: UserId, limit: usize) -> Result<Vec<Member>, StoreError> {
        let find = self
            .members
            .find(doc! { "userId": user.object_id() })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .batch_size(ANSWER);
        let found: Vec<MemberDocument> = all(find).await?;
        Ok(found.into_iter().map(Member::from).collect())
    }

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
        let found = all(find).await?;
        Ok(found.into_iter().map(|moves| moves.at(seq)).collect())
    }

    /// Moves a member's cursor, and what moves along with it, if it is behind `seq`. Answers the member
    /// as it is then; none if it was there already, or there is no such member.
    ///
    /// That it was behind is a condition and not read off the document as it was before: of racing
    /// updates, not every engine answers the true one.
    pub async fn raise_cursor(
        &self,
        room: RoomId,
        user: UserId,
        (cursor, seq): (Cursor, i64),
        at_ms: i64,
    ) -> Result<Option<Member>, StoreError> {
        let behind = doc! { "$lt": seq };
        let moved = doc! {
            "$each": [{ "seq": seq, "at": DateTime::from_millis(at_ms) }],
            "$slice": -MOVES_KEPT,
        };
        let mut filter = one(room, user);
        let update = match cursor {
            Cursor::Delivered => {
                filter.insert("deliveredSeq", behind);
                doc! {
                    "$max": { "deliveredSeq": seq },
                    "$push": { "deliveredMoves": moved },
                }
            }
            Cursor::Read => {
                filter.insert("readSeq", behind);
                doc! {
                    "$max": { "readSeq": seq, "deliveredSeq": seq },
                    "$push": { "readMoves": moved.clone(), "deliveredMoves": moved },
                }
            }
        };
        let raise = self.members.find_one_and_update(filter, update);
        let after = within(raise.return_document(ReturnDocument::After)).await?;
        Ok(after.map(Member::from))
    }
}

fn one(room: RoomId, user: UserId) -> Document {
    doc! { "roomId": room.object_id(), "userId": user.object_id() }
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
