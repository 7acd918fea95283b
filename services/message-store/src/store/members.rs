//! The collection `members`.

use confab_ids::{RoomId, UserId};
use mongodb::bson::{Document, doc};

use super::documents::MemberDocument;
use super::{Store, StoreError};
use crate::member::Member;

/// A group has a thousand members at most; a user may be in more rooms, which then come in several
/// answers.
pub(super) const ANSWER: u32 = 1_000;

impl Store {
    /// Stores members, except those that are there already.
    pub async fn insert_members(&self, members: &[Member]) -> Result<(), StoreError> {
        let documents: Vec<MemberDocument> = members.iter().map(MemberDocument::from).collect();
        match self
            .within(self.members.insert_many(documents).ordered(false))
            .await
        {
            Err(error) if !error.only_duplicates() => Err(error),
            _ => Ok(()),
        }
    }

    pub async fn find_member(
        &self,
        room: RoomId,
        user: UserId,
    ) -> Result<Option<Member>, StoreError> {
        Ok(self
            .within(self.members.find_one(one(room, user)))
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
        let found: Vec<MemberDocument> = self.all(find).await?;
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
        let found: Vec<MemberDocument> = self.all(find).await?;
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
        let found: Vec<MemberDocument> = self.all(find).await?;
        Ok(found.into_iter().map(Member::from).collect())
    }
}

pub(super) fn one(room: RoomId, user: UserId) -> Document {
    doc! { "roomId": room.object_id(), "userId": user.object_id() }
}
