//! Changes of messages: which there are, and the states that they make.

use std::collections::HashSet;

use confab_ids::{MessageId, RoomId, UserId};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Document, doc};
use serde::{Deserialize, Serialize};

use super::records::{RecordDocument, state_document};
use super::{Store, StoreError};
use crate::log::Record;
use crate::message::{Message, State};

/// A message that one user does not want to see.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HiddenDocument {
    user_id: ObjectId,
    room_id: ObjectId,
    message_id: ObjectId,
    seq: i64,
}

impl Store {
    /// The changes of a message after revision `after`, in their order.
    pub async fn changes_of(
        &self,
        message: MessageId,
        after: i64,
    ) -> Result<Vec<Record>, StoreError> {
        let filter = doc! { "change.target": message.object_id(), "rev": { "$gt": after } };
        let find = self.messages.find(filter).batch_size(1_000);
        let found: Vec<RecordDocument> = self.all(find).await?;
        let mut changes: Vec<Record> = found.into_iter().map(RecordDocument::into_record).collect();
        changes.sort_unstable_by_key(|change| change.rev);
        Ok(changes)
    }

    /// Gives a message its new state if it still is as it was before; false if it is not.
    pub async fn change_state(&self, message: &Message, state: &State) -> Result<bool, StoreError> {
        let mut as_it_was = doc! { "_id": message.id.object_id() };
        as_it_was.insert(
            "state.changedRev",
            match message.state.changed_rev {
                // Until there is a first one, there is no state.
                0 => doc! { "$exists": false }.into(),
                rev => mongodb::bson::Bson::from(rev),
            },
        );
        let update = doc! { "$set": state_document(state) };
        let done = self
            .within(self.messages.update_one(as_it_was, update))
            .await?;
        Ok(done.matched_count == 1)
    }

    /// Takes from the store what a deleted message said, its edits included.
    pub async fn forget_content(&self, message: MessageId) -> Result<(), StoreError> {
        let id = message.object_id();
        let nothing = doc! {
            "$set": { "content": "" },
            "$unset": { "attachments": "", "mentions": "" },
        };
        self.within(self.messages.update_one(doc! { "_id": id }, nothing))
            .await?;
        let edits = doc! { "change.target": id, "change.act": "edit" };
        let nothing = doc! { "$set": { "change.content": "" } };
        self.within(self.messages.update_many(edits, nothing))
            .await?;
        Ok(())
    }

    /// Hides a message from a user; again does nothing.
    pub async fn hide(&self, message: &Message, user: UserId) -> Result<(), StoreError> {
        let hidden = HiddenDocument {
            user_id: user.object_id(),
            room_id: message.room.object_id(),
            message_id: message.id.object_id(),
            seq: message.seq,
        };
        match self.within(self.hidden.insert_one(hidden)).await {
            Err(error) if !error.is_duplicate() => Err(error),
            _ => Ok(()),
        }
    }

    /// Which of the messages numbered `first` to `last` are hidden from a user.
    pub async fn hidden_between(
        &self,
        (user, room): (UserId, RoomId),
        first: i64,
        last: i64,
    ) -> Result<HashSet<MessageId>, StoreError> {
        self.hidden(doc! {
            "userId": user.object_id(),
            "roomId": room.object_id(),
            "seq": { "$gte": first, "$lte": last },
        })
        .await
    }

    /// Which of these messages are hidden from a user.
    pub async fn hidden_among(
        &self,
        user: UserId,
        messages: &[MessageId],
    ) -> Result<HashSet<MessageId>, StoreError> {
        if messages.is_empty() {
            return Ok(HashSet::new());
        }
        let ids: Vec<ObjectId> = messages.iter().map(|message| message.object_id()).collect();
        self.hidden(doc! { "userId": user.object_id(), "messageId": { "$in": ids } })
            .await
    }

    async fn hidden(&self, filter: Document) -> Result<HashSet<MessageId>, StoreError> {
        let found = self.all(self.hidden.find(filter).batch_size(1_000)).await?;
        Ok(found
            .into_iter()
            .map(|hidden| hidden.message_id.into())
            .collect())
    }
}
