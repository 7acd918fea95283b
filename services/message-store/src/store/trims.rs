//! Retention: what rooms keep, and taking away what they do not.

use confab_ids::{MessageId, RoomId};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use serde::Deserialize;

use super::documents::RoomDocument;
use super::{Store, StoreError};
use crate::log::{Head, Trimmed};
use crate::room::{Retention, Room};

/// All in one answer.
const ANSWER: u32 = 1_000;
/// How many ids one command names.
const CHUNK: usize = 500;

#[derive(Debug, Deserialize)]
struct IdDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
}

impl Store {
    /// Rooms with messages older than `before_ms`, and those that keep less and are due now; some of
    /// them, if there are many.
    pub async fn due_rooms(
        &self,
        before_ms: Option<i64>,
        now_ms: i64,
        limit: usize,
    ) -> Result<Vec<Room>, StoreError> {
        let before = |ms: i64| doc! { "$gt": DateTime::MIN, "$lt": DateTime::from_millis(ms) };
        let mut due = self
            .some_rooms(doc! { "retention.dueAt": before(now_ms) }, limit)
            .await?;
        if let Some(before_ms) = before_ms {
            let filter = doc! { "oldestAt": before(before_ms) };
            due.extend(self.some_rooms(filter, limit).await?);
        }
        Ok(due)
    }

    async fn some_rooms(&self, filter: Document, limit: usize) -> Result<Vec<Room>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found: Vec<RoomDocument> = self.all(self.rooms.find(filter).limit(limit)).await?;
        Ok(found.into_iter().map(Room::from).collect())
    }

    /// The log begins after this from now on, and goes at least as far as `head`: what says so may be
    /// among what is taken away.
    pub async fn raise_trimmed(
        &self,
        room: RoomId,
        trimmed: Trimmed,
        head: Head,
    ) -> Result<(), StoreError> {
        let raise = doc! { "$max": {
            "trimmed.rev": trimmed.rev,
            "trimmed.seq": trimmed.seq,
            "headHint.rev": head.rev,
            "headHint.seq": head.seq,
        } };
        self.update_room(room, raise).await
    }

    /// Nothing is left up to this revision.
    pub async fn raise_gone(&self, room: RoomId, rev: i64) -> Result<(), StoreError> {
        self.update_room(room, doc! { "$max": { "trimmed.goneRev": rev } })
            .await
    }

    /// What is kept begins at this time; by its own retention the room is due so much later.
    pub async fn note_oldest(
        &self,
        room: RoomId,
        oldest_ms: i64,
        retention: Retention,
    ) -> Result<(), StoreError> {
        let mut set = doc! { "oldestAt": DateTime::from_millis(oldest_ms) };
        if let Some(due) = retention.until_ms(oldest_ms) {
            set.insert("retention.dueAt", DateTime::from_millis(due));
        }
        self.update_room(room, doc! { "$set": set }).await
    }

    /// What a room keeps from now on. One that keeps so many days is due at once.
    pub async fn set_retention(
        &self,
        room: RoomId,
        retention: Retention,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let due = (retention.days != 0).then(|| DateTime::from_millis(at_ms));
        let value = doc! {
            "days": retention.days,
            "messages": retention.messages,
            "dueAt": due,
        };
        self.update_room(room, doc! { "$set": { "retention": value } })
            .await
    }

    /// The messages among the records with these revisions.
    pub async fn ids_by_rev(
        &self,
        room: RoomId,
        first: i64,
        last: i64,
    ) -> Result<Vec<MessageId>, StoreError> {
        let filter = doc! {
            "roomId": room.object_id(),
            "rev": { "$gte": first, "$lte": last },
            "seq": { "$gt": 0 },
        };
        let collection = self.messages.clone_with_type::<IdDocument>();
        let find = collection.find(filter).projection(doc! { "_id": 1 });
        let found = self.all(find.batch_size(ANSWER)).await?;
        Ok(found.into_iter().map(|one| one.id.into()).collect())
    }

    /// Nobody has hidden these any longer.
    pub async fn forget_hidden(&self, messages: &[MessageId]) -> Result<(), StoreError> {
        for chunk in messages.chunks(CHUNK) {
            let ids: Vec<ObjectId> = chunk.iter().map(|id| id.object_id()).collect();
            let those = doc! { "messageId": { "$in": ids } };
            self.within(self.hidden.delete_many(those)).await?;
        }
        Ok(())
    }

    /// Takes the records with these revisions away, messages and changes alike.
    pub async fn delete_records(
        &self,
        room: RoomId,
        first: i64,
        last: i64,
    ) -> Result<(), StoreError> {
        let range = doc! { "$gte": first, "$lte": last };
        let those = doc! { "roomId": room.object_id(), "rev": range };
        self.within(self.messages.delete_many(those)).await?;
        Ok(())
    }

    async fn update_room(&self, room: RoomId, update: Document) -> Result<(), StoreError> {
        let one = doc! { "_id": room.object_id() };
        self.within(self.rooms.update_one(one, update)).await?;
        Ok(())
    }
}
