//! The collection `rooms`.

use std::collections::HashMap;

use confab_ids::RoomId;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use serde::Deserialize;

use super::documents::{HeadDocument, RoomDocument};
use super::{Store, StoreError};
use crate::log::Head;
use crate::room::Room;

/// How many rooms are asked for or updated in one command.
const CHUNK: usize = 1_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HintDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
    head_hint: HeadDocument,
}

impl Store {
    /// Stores a new room, unless there is one with its id.
    pub async fn insert_room(&self, room: &Room) -> Result<Inserted, StoreError> {
        match self
            .within(self.rooms.insert_one(RoomDocument::from(room)))
            .await
        {
            Ok(_) => Ok(Inserted::New),
            Err(error) if error.is_duplicate() => Ok(Inserted::ThereAlready),
            Err(error) => Err(error),
        }
    }

    pub async fn find_room(&self, room: RoomId) -> Result<Option<Room>, StoreError> {
        let found = self
            .within(self.rooms.find_one(doc! { "_id": room.object_id() }))
            .await?;
        Ok(found.map(Room::from))
    }

    /// Those of the rooms that exist, in no order.
    pub async fn find_rooms(&self, rooms: &[RoomId]) -> Result<Vec<Room>, StoreError> {
        let mut there = Vec::with_capacity(rooms.len());
        for chunk in rooms.chunks(CHUNK) {
            let find = self.rooms.find(among(chunk)).batch_size(batch(CHUNK));
            let found: Vec<RoomDocument> = self.all(find).await?;
            there.extend(found.into_iter().map(Room::from));
        }
        Ok(there)
    }

    /// The hints of those of the rooms that exist.
    pub async fn head_hints(&self, rooms: &[RoomId]) -> Result<HashMap<RoomId, Head>, StoreError> {
        let collection = self.rooms.clone_with_type::<HintDocument>();
        let mut hints = HashMap::with_capacity(rooms.len());
        for chunk in rooms.chunks(CHUNK) {
            let find = collection
                .find(among(chunk))
                .projection(doc! { "headHint": 1 })
                .batch_size(batch(CHUNK));
            let found: Vec<HintDocument> = self.all(find).await?;
            hints.extend(found.into_iter().map(|hint| {
                let head = Head {
                    rev: hint.head_hint.rev,
                    seq: hint.head_hint.seq,
                    at_ms: 0,
                };
                (RoomId::from(hint.id), head)
            }));
        }
        Ok(hints)
    }

    /// Moves hints forward, never back. It is the one update of rooms that messages cause, so it goes
    /// out for many rooms at once (`update` with many statements: `bulkWrite` needs MongoDB 8).
    pub async fn raise_hints(&self, heads: &[(RoomId, Head)]) -> Result<(), StoreError> {
        for chunk in heads.chunks(CHUNK) {
            let updates: Vec<Document> = chunk.iter().map(raise).collect();
            let command = doc! {
                "update": self.rooms.name(),
                "updates": updates,
                "ordered": false,
                "writeConcern": { "w": "majority", "j": true },
            };
            let answer = self.within(self.database.run_command(command)).await?;
            // A command that ran is a success to the driver, whatever became of its parts.
            if let Some(errors) = answer
                .get("writeErrors")
                .or(answer.get("writeConcernError"))
            {
                tracing::warn!(%errors, "some hints were not written");
            }
        }
        Ok(())
    }
}

/// Whether it is this call that stored the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    New,
    ThereAlready,
}

fn raise((room, head): &(RoomId, Head)) -> Document {
    doc! {
        "q": { "_id": room.object_id() },
        "u": { "$max": {
            "headHint.rev": head.rev,
            "headHint.seq": head.seq,
            "lastActivityAt": DateTime::from_millis(head.at_ms),
        } },
    }
}

fn among(rooms: &[RoomId]) -> Document {
    let ids: Vec<ObjectId> = rooms.iter().map(|room| room.object_id()).collect();
    doc! { "_id": { "$in": ids } }
}

/// All in one answer: by default a server sends a hundred, then waits to be asked for more.
fn batch(most: usize) -> u32 {
    u32::try_from(most).unwrap_or(u32::MAX)
}
