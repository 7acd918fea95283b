//! Where uploads are used, read off messages and rooms themselves; and the keys that sign addresses of
//! uploads, in the collection `media_keys`.

use std::collections::HashSet;
use std::time::Duration;

use confab_ids::{MediaId, RoomId, UserId};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, doc};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError};

/// As often as an upload may be used.
const MOST: i64 = 1_000;
/// How often a key is looked for that another has just stored: a majority may take a moment.
const LOOKS: u32 = 20;

#[derive(Debug, Deserialize, Serialize)]
pub struct KeyDocument {
    #[serde(rename = "_id")]
    day: i64,
    key: Binary,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CarrierDocument {
    room_id: ObjectId,
}

#[derive(Deserialize)]
struct CarriedDocument {
    attachments: Vec<AttachedDocument>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttachedDocument {
    media_id: Option<ObjectId>,
}

#[derive(Deserialize)]
struct PicturedDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
}

impl Store {
    /// The rooms with a message that carries an upload. A deleted message carries nothing.
    pub async fn rooms_carrying(&self, media: MediaId) -> Result<Vec<RoomId>, StoreError> {
        let messages = self.messages.clone_with_type::<CarrierDocument>();
        let find = messages
            .find(doc! { "attachments.mediaId": media.object_id() })
            .projection(doc! { "_id": 0, "roomId": 1 })
            .limit(MOST);
        let rooms: HashSet<ObjectId> = self
            .all(find)
            .await?
            .iter()
            .map(|one| one.room_id)
            .collect();
        Ok(rooms.into_iter().map(RoomId::from).collect())
    }

    /// The uploads that the messages with these revisions carry.
    pub async fn media_by_rev(
        &self,
        room: RoomId,
        first: i64,
        last: i64,
    ) -> Result<Vec<MediaId>, StoreError> {
        let messages = self.messages.clone_with_type::<CarriedDocument>();
        let find = messages
            .find(doc! {
                "roomId": room.object_id(),
                "rev": { "$gte": first, "$lte": last },
                "attachments.mediaId": { "$exists": true },
            })
            .projection(doc! { "_id": 0, "attachments": 1 });
        let found = self.all(find).await?;
        let attached = found.into_iter().flat_map(|message| message.attachments);
        Ok(attached
            .filter_map(|attachment| attachment.media_id)
            .map(MediaId::from)
            .collect())
    }

    /// The rooms whose image an upload is.
    pub async fn rooms_pictured(&self, media: MediaId) -> Result<Vec<RoomId>, StoreError> {
        let rooms = self.rooms.clone_with_type::<PicturedDocument>();
        // The second condition is what the partial index asks for.
        let find = rooms
            .find(doc! { "imageUrl": { "$eq": media.path(), "$gt": "" } })
            .projection(doc! { "_id": 1 })
            .limit(MOST);
        let found = self.all(find).await?;
        Ok(found.into_iter().map(|room| room.id.into()).collect())
    }

    /// Whether a user is a member of one of these rooms.
    pub async fn is_in_one_of(&self, user: UserId, rooms: &[RoomId]) -> Result<bool, StoreError> {
        if rooms.is_empty() {
            return Ok(false);
        }
        let rooms: Vec<ObjectId> = rooms.iter().map(|room| room.object_id()).collect();
        let filter = doc! { "userId": user.object_id(), "roomId": { "$in": rooms } };
        Ok(self.within(self.members.find_one(filter)).await?.is_some())
    }

    /// The key of a day, which is the candidate if there was none; none if it cannot be read yet.
    pub async fn share_url_key(
        &self,
        day: i64,
        candidate: Vec<u8>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        for _ in 0..LOOKS {
            if let Some(found) = self
                .within(self.media_keys.find_one(doc! { "_id": day }))
                .await?
            {
                return Ok(Some(found.key.bytes));
            }
            let key = Binary {
                subtype: BinarySubtype::Generic,
                bytes: candidate.clone(),
            };
            match self
                .within(self.media_keys.insert_one(KeyDocument { day, key }))
                .await
            {
                Ok(_) => return Ok(Some(candidate)),
                Err(error) if error.is_duplicate() => {}
                Err(error) => return Err(error),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(None)
    }

    /// Forgets the keys of the days before one.
    pub async fn forget_url_keys(&self, before: i64) -> Result<(), StoreError> {
        self.within(
            self.media_keys
                .delete_many(doc! { "_id": { "$lt": before } }),
        )
        .await?;
        Ok(())
    }
}
