//! The collection `media`: records of uploads.

use confab_ids::{MediaId, UserId};
use futures_util::TryFutureExt as _;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::options::ReturnDocument;
use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use crate::media::complete::Found;
use crate::media::{FileName, IN_USE_MS, Media, MediaState, Thumbnail};

/// How often an upload may be used: each use may be a room to look through for who may see it.
const MOST_USES: i32 = 1_000;

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
    owner_id: ObjectId,
    state: String,
    name: String,
    mime_type: String,
    size_bytes: i64,
    width: i32,
    height: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail: Option<ThumbnailDocument>,
    created_at: DateTime,
    direct: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    avatar: Option<bool>,
    check_at: DateTime,
    used_at: DateTime,
    uses: i32,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct ThumbnailDocument {
    mime_type: String,
    size_bytes: i64,
    width: i32,
    height: i32,
}

impl Store {
    /// Stores a new record; false if there is one with this id.
    pub async fn insert_media(&self, media: &Media) -> Result<bool, StoreError> {
        match self
            .within(self.media.insert_one(MediaDocument::from(media)))
            .await
        {
            Err(error) if error.is_duplicate() => Ok(false),
            outcome => outcome.map(|_| true),
        }
    }

    pub async fn find_media(&self, id: MediaId) -> Result<Option<Media>, StoreError> {
        let found = self
            .within(self.media.find_one(doc! { "_id": id.object_id() }))
            .await?;
        Ok(found.map(Media::from))
    }

    /// How many uploads of a user are not complete; counts no further than `most`.
    pub async fn count_pending(&self, user: UserId, most: u64) -> Result<u64, StoreError> {
        let filter = doc! { "ownerId": user.object_id(), "state": MediaState::Pending.word() };
        self.within(self.media.count_documents(filter).limit(most))
            .await
    }

    /// Makes a pending upload ready; none if there is none of this user.
    pub async fn complete_media(
        &self,
        (user, id): (UserId, MediaId),
        found: &Found,
        check_at_ms: i64,
    ) -> Result<Option<Media>, StoreError> {
        let filter = doc! {
            "_id": id.object_id(),
            "ownerId": user.object_id(),
            "state": MediaState::Pending.word(),
        };
        let mut set = doc! {
            "state": MediaState::Ready.word(),
            "mimeType": &found.mime_type,
            "sizeBytes": found.size_bytes,
            "width": found.width,
            "height": found.height,
            "checkAt": DateTime::from_millis(check_at_ms),
        };
        if let Some(thumbnail) = &found.thumbnail {
            set.insert(
                "thumbnail",
                doc! {
                    "mimeType": &thumbnail.mime_type,
                    "sizeBytes": thumbnail.size_bytes,
                    "width": thumbnail.width,
                    "height": thumbnail.height,
                },
            );
        }
        self.change_one(filter, doc! { "$set": set }).await
    }

    /// Somebody uses an upload of theirs that is ready, from now on; none if there is none.
    pub async fn use_media(
        &self,
        (user, id): (UserId, MediaId),
        now_ms: i64,
        check_at_ms: i64,
    ) -> Result<Option<Media>, StoreError> {
        let filter = doc! {
            "_id": id.object_id(),
            "ownerId": user.object_id(),
            "state": MediaState::Ready.word(),
            "uses": { "$lt": MOST_USES },
        };
        let update = doc! {
            "$max": { "checkAt": DateTime::from_millis(check_at_ms) },
            "$set": { "usedAt": DateTime::from_millis(now_ms) },
            "$inc": { "uses": 1 },
        };
        self.change_one(filter, update).await
    }

    /// Uploads are to be looked at as soon as nobody can be using them who has not said so yet.
    pub async fn release_media(&self, ids: &[MediaId], now_ms: i64) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let ids: Vec<ObjectId> = ids.iter().map(|id| id.object_id()).collect();
        self.release(doc! { "_id": { "$in": ids } }, doc! {}, now_ms)
            .await
    }

    /// Marks an upload as an avatar; false if it is not ready any more.
    pub async fn keep_avatar(&self, user: UserId, id: MediaId) -> Result<bool, StoreError> {
        let filter = doc! {
            "_id": id.object_id(),
            "ownerId": user.object_id(),
            "state": MediaState::Ready.word(),
        };
        let update = doc! { "$set": { "avatar": true } };
        let done = self.within(self.media.update_one(filter, update)).await?;
        Ok(done.matched_count == 1)
    }

    /// Takes the marks off all avatars of a user but one.
    pub async fn release_avatars(
        &self,
        user: UserId,
        except: Option<MediaId>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut filter = doc! { "ownerId": user.object_id(), "avatar": true };
        if let Some(id) = except {
            filter.insert("_id", doc! { "$ne": id.object_id() });
        }
        self.release(filter, doc! { "$unset": { "avatar": "" } }, now_ms)
            .await
    }

    /// Two updates, for the time to look depends on when it was used last.
    async fn release(
        &self,
        filter: Document,
        update: Document,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let idle = DateTime::from_millis(now_ms - IN_USE_MS);
        for (used, look_at_ms) in [
            (doc! { "$gt": idle }, now_ms + IN_USE_MS),
            (doc! { "$lte": idle }, now_ms),
        ] {
            let (mut filter, mut update) = (filter.clone(), update.clone());
            filter.insert("usedAt", used);
            update.insert(
                "$set",
                doc! { "checkAt": DateTime::from_millis(look_at_ms) },
            );
            self.within(self.media.update_many(filter, update)).await?;
        }
        Ok(())
    }

    /// Records whose time to be looked at has come, the longest overdue first.
    pub async fn due_media(&self, now_ms: i64, limit: usize) -> Result<Vec<Media>, StoreError> {
        let find = self
            .media
            .find(doc! { "checkAt": { "$lte": DateTime::from_millis(now_ms) } })
            .sort(doc! { "checkAt": 1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX));
        Ok(self.all(find).await?.into_iter().map(Media::from).collect())
    }

    /// Takes an upload out of use if it still is as it was read; false if it is not.
    pub async fn doom(&self, media: &Media, check_at_ms: i64) -> Result<bool, StoreError> {
        let mut filter = as_it_was(media);
        filter.insert("avatar", doc! { "$exists": false });
        let update = doc! { "$set": {
            "state": MediaState::Doomed.word(),
            "checkAt": DateTime::from_millis(check_at_ms),
        } };
        let done = self.within(self.media.update_one(filter, update)).await?;
        Ok(done.matched_count == 1)
    }

    /// Puts off when to look, if it still is as it was read.
    pub async fn look_again(&self, media: &Media, check_at_ms: i64) -> Result<(), StoreError> {
        let update = doc! { "$set": { "checkAt": DateTime::from_millis(check_at_ms) } };
        self.within(self.media.update_one(as_it_was(media), update))
            .await?;
        Ok(())
    }

    /// Removes records of uploads that were taken out of use.
    pub async fn remove_media(&self, ids: &[MediaId]) -> Result<(), StoreError> {
        let ids: Vec<ObjectId> = ids.iter().map(|id| id.object_id()).collect();
        let filter = doc! { "_id": { "$in": ids }, "state": MediaState::Doomed.word() };
        self.within(self.media.delete_many(filter)).await?;
        Ok(())
    }

    async fn change_one(
        &self,
        filter: Document,
        update: Document,
    ) -> Result<Option<Media>, StoreError> {
        let change = self.media.find_one_and_update(filter, update);
        let change = change.return_document(ReturnDocument::After);
        self.within(change)
            .map_ok(|found| found.map(Media::from))
            .await
    }
}

fn as_it_was(media: &Media) -> Document {
    doc! {
        "_id": media.id.object_id(),
        "state": media.state.word(),
        "checkAt": DateTime::from_millis(media.check_at_ms),
    }
}

impl From<&Media> for MediaDocument {
    fn from(media: &Media) -> Self {
        Self {
            id: media.id.object_id(),
            owner_id: media.owner.object_id(),
            state: media.state.word().to_owned(),
            name: media.name.as_str().to_owned(),
            mime_type: media.mime_type.clone(),
            size_bytes: media.size_bytes,
            width: media.width,
            height: media.height,
            thumbnail: None,
            created_at: DateTime::from_millis(media.created_at_ms),
            direct: media.direct,
            avatar: None,
            check_at: DateTime::from_millis(media.check_at_ms),
            used_at: DateTime::from_millis(0),
            uses: 0,
        }
    }
}

impl From<MediaDocument> for Media {
    fn from(document: MediaDocument) -> Self {
        Self {
            id: MediaId::from(document.id),
            owner: UserId::from(document.owner_id),
            state: MediaState::stored(&document.state),
            name: FileName::stored(document.name),
            mime_type: document.mime_type,
            size_bytes: document.size_bytes,
            width: document.width,
            height: document.height,
            thumbnail: document.thumbnail.map(|thumbnail| Thumbnail {
                mime_type: thumbnail.mime_type,
                size_bytes: thumbnail.size_bytes,
                width: thumbnail.width,
                height: thumbnail.height,
            }),
            created_at_ms: document.created_at.timestamp_millis(),
            direct: document.direct,
            avatar: document.avatar.unwrap_or_default(),
            check_at_ms: document.check_at.timestamp_millis(),
        }
    }
}
