//! The collection `blocks`.

use confab_ids::UserId;
use futures_util::TryStreamExt as _;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::{Collection, Database};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::calls::Calls;
use super::failure::duplicate;
use crate::block::Block;

pub const COLLECTION: &str = "blocks";
/// How many blockers of one user are read: beyond that it is not one user's quarrel.
const BLOCKERS: i64 = 10_000;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BlockDocument {
    user_id: ObjectId,
    blocked_id: ObjectId,
    created_at: DateTime,
}

/// Who blocks whom.
pub struct Blocks(Calls);

impl Blocks {
    pub(super) const fn new(calls: Calls) -> Self {
        Self(calls)
    }

    /// Stores a block, unless it is there.
    pub async fn insert(&self, block: Block) -> Result<(), StoreError> {
        let document = BlockDocument {
            user_id: block.user.object_id(),
            blocked_id: block.blocked.object_id(),
            created_at: DateTime::now(),
        };
        let insert = |db: Database| async move { blocks(&db).insert_one(document).await };
        match self.0.call(insert).await {
            Ok(_) => Ok(()),
            Err(error) if duplicate(&error).is_some() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes a block, if it is there.
    pub async fn remove(&self, block: Block) -> Result<(), StoreError> {
        let filter = one(block);
        self.0
            .call(|db| async move { blocks(&db).delete_one(filter).await })
            .await?;
        Ok(())
    }

    /// Whether there is this block.
    pub async fn contains(&self, block: Block) -> Result<bool, StoreError> {
        let filter = one(block);
        let found = self
            .0
            .call(|db| async move { blocks(&db).find_one(filter).await });
        Ok(found.await?.is_some())
    }

    /// How many a user blocks.
    pub async fn count(&self, user: UserId) -> Result<u64, StoreError> {
        let filter = doc! { "userId": user.object_id() };
        self.0
            .call(|db| async move { blocks(&db).count_documents(filter).await })
            .await
    }

    /// Those whom a user blocks; `block::add` bounds them.
    pub async fn blocked_by(&self, user: UserId) -> Result<Vec<UserId>, StoreError> {
        let found = self.read(doc! { "userId": user.object_id() }).await?;
        Ok(found
            .into_iter()
            .map(|block| block.blocked_id.into())
            .collect())
    }

    /// Those who block a user.
    pub async fn blockers_of(&self, user: UserId) -> Result<Vec<UserId>, StoreError> {
        let found = self.read(doc! { "blockedId": user.object_id() }).await?;
        Ok(found
            .into_iter()
            .map(|block| block.user_id.into())
            .collect())
    }

    async fn read(&self, filter: Document) -> Result<Vec<BlockDocument>, StoreError> {
        let find = |db: Database| async move {
            let found = blocks(&db).find(filter).limit(BLOCKERS).await?;
            found.try_collect::<Vec<_>>().await
        };
        self.0.call(find).await
    }
}

fn blocks(db: &Database) -> Collection<BlockDocument> {
    db.collection(COLLECTION)
}

fn one(block: Block) -> Document {
    doc! { "userId": block.user.object_id(), "blockedId": block.blocked.object_id() }
}
