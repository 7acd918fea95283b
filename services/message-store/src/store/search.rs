//! The collection `search`: for each message its words, by room and day.
//!
//! An entry may be out of date for a moment, and one of a message that is gone may stay: who finds
//! something looks at the message itself. What must not happen is that an older state replaces a newer
//! one, so each entry carries the revision that it shows.

use std::collections::{BTreeSet, HashMap};

use confab_ids::{MessageId, RoomId, UserId};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Document, doc};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use crate::search::Terms;

const SECONDS_A_DAY: u32 = 86_400;
/// How many entries one command changes.
const CHUNK: usize = 200;

/// What a message can be found by.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SearchDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
    room_id: ObjectId,
    day: i32,
    from: ObjectId,
    rev: i64,
    words: BTreeSet<String>,
}

impl SearchDocument {
    pub fn new(
        (id, room, from): (MessageId, RoomId, UserId),
        rev: i64,
        words: BTreeSet<String>,
    ) -> Self {
        Self {
            id: id.object_id(),
            room_id: room.object_id(),
            day: day_of(id),
            from: from.object_id(),
            rev,
            words,
        }
    }
}

/// The day on which an id was made, counted from the Unix epoch.
pub fn day_of(id: MessageId) -> i32 {
    i32::try_from(id.seconds() / SECONDS_A_DAY).expect("days since 1970 are few")
}

/// Which entries to look at.
pub struct Range<'a> {
    pub rooms: &'a [RoomId],
    /// First and last day.
    pub days: (i32, i32),
    /// Ids from the first on, up to but without the second.
    pub ids: (MessageId, MessageId),
    pub from: Option<UserId>,
}

/// How far a room has been indexed.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Up to which revision.
    pub indexed_rev: i64,
    /// The log goes at least so far.
    pub head_rev: i64,
    pub created_at_ms: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MarkDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
    #[serde(default)]
    indexed_rev: i64,
    head_hint: super::documents::HeadDocument,
    created_at: mongodb::bson::DateTime,
}

impl Store {
    /// Makes new messages findable; those that are so already stay as they are.
    pub async fn index_new(&self, entries: &[SearchDocument]) -> Result<(), StoreError> {
        for chunk in entries.chunks(CHUNK) {
            match self
                .within(self.search.insert_many(chunk).ordered(false))
                .await
            {
                Err(error) if !error.only_duplicates() => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Makes messages findable as they are now, whether they were or not.
    pub async fn index_changed(&self, entries: &[SearchDocument]) -> Result<(), StoreError> {
        self.index_new(entries).await?;
        for entry in entries {
            let older = doc! { "_id": entry.id, "rev": { "$lt": entry.rev } };
            self.within(self.search.replace_one(older, entry)).await?;
        }
        Ok(())
    }

    /// Makes messages unfindable.
    pub async fn unindex(&self, messages: &[MessageId]) -> Result<(), StoreError> {
        for chunk in messages.chunks(CHUNK) {
            let ids: Vec<ObjectId> = chunk.iter().map(|id| id.object_id()).collect();
            self.within(self.search.delete_many(doc! { "_id": { "$in": ids } }))
                .await?;
        }
        Ok(())
    }

    /// The entries in a range that have all the terms, the highest ids first, at most `limit`.
    pub async fn search(
        &self,
        range: Range<'_>,
        terms: &Terms,
        limit: usize,
    ) -> Result<Vec<MessageId>, StoreError> {
        let collection = self.search.clone_with_type::<IdDocument>();
        let find = collection
            .find(filter(&range, terms))
            .projection(doc! { "_id": 1 })
            .sort(doc! { "_id": -1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX));
        let found = self.all(find).await?;
        Ok(found.into_iter().map(|entry| entry.id.into()).collect())
    }

    /// How far rooms have been indexed.
    pub async fn search_marks(
        &self,
        rooms: &[RoomId],
    ) -> Result<HashMap<RoomId, Mark>, StoreError> {
        let collection = self.rooms.clone_with_type::<MarkDocument>();
        let ids: Vec<ObjectId> = rooms.iter().map(|room| room.object_id()).collect();
        let find = collection
            .find(doc! { "_id": { "$in": ids } })
            .projection(doc! { "indexedRev": 1, "headHint": 1, "createdAt": 1 })
            .batch_size(1_000);
        let marks = self.all(find).await?.into_iter().map(|mark: MarkDocument| {
            let of = Mark {
                indexed_rev: mark.indexed_rev,
                head_rev: mark.head_hint.rev,
                created_at_ms: mark.created_at.timestamp_millis(),
            };
            (RoomId::from(mark.id), of)
        });
        Ok(marks.collect())
    }

    /// A room has been indexed so far.
    pub async fn raise_search_mark(&self, room: RoomId, rev: i64) -> Result<(), StoreError> {
        let update = doc! { "$max": { "indexedRev": rev } };
        self.within(
            self.rooms
                .update_one(doc! { "_id": room.object_id() }, update),
        )
        .await?;
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
struct IdDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
}

fn filter(range: &Range<'_>, Terms { words, prefixes }: &Terms) -> Document {
    let rooms: Vec<ObjectId> = range.rooms.iter().map(|room| room.object_id()).collect();
    let (first, end) = range.ids;
    let mut filter = doc! {
        "roomId": { "$in": rooms },
        "day": { "$gte": range.days.0, "$lte": range.days.1 },
        "_id": { "$gte": first.object_id(), "$lt": end.object_id() },
    };
    if let Some(user) = range.from {
        filter.insert("from", user.object_id());
    }
    // `$elemMatch`, for otherwise one word may be above the first bound and another below the second.
    let begins = |prefix: &String| {
        let end = format!("{prefix}{}", char::MAX);
        doc! { "words": { "$elemMatch": { "$gte": prefix, "$lt": end } } }
    };
    let has = |word: &String| doc! { "words": word };
    let all: Vec<Document> = words
        .iter()
        .map(has)
        .chain(prefixes.iter().map(begins))
        .collect();
    filter.insert("$and", all);
    filter
}
