//! The collection `signing_keys`.

use std::time::{Duration, SystemTime};

use futures_util::TryStreamExt as _;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, DateTime, doc};
use mongodb::{Collection, Database};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::calls::Calls;
use super::failure::duplicate;
use crate::keys::{PublicKey, SigningKey};

pub const COLLECTION: &str = "signing_keys";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SigningKeyDocument {
    #[serde(rename = "_id")]
    id: String,
    slot: i64,
    private_key: Binary,
    public_key: Binary,
    created_at: DateTime,
    /// Absent in keys that were made before keys were rotated.
    #[serde(default)]
    active_from: Option<DateTime>,
    #[serde(default)]
    longest_token_ms: i64,
}

/// The keys that sign, and those that signed.
pub struct SigningKeys(Calls);

impl SigningKeys {
    pub(super) const fn new(calls: Calls) -> Self {
        Self(calls)
    }

    /// All keys.
    pub async fn list(&self) -> Result<Vec<SigningKey>, StoreError> {
        let find = |db: Database| async move {
            keys(&db).find(doc! {}).await?.try_collect::<Vec<_>>().await
        };
        let documents = self.0.call(find).await?;
        Ok(documents.into_iter().map(SigningKey::from).collect())
    }

    /// Stores a key, unless its slot is taken. Answers whether it was stored.
    pub async fn insert(&self, key: &SigningKey) -> Result<bool, StoreError> {
        let document = SigningKeyDocument::from(key);
        let insert = |db: Database| async move { keys(&db).insert_one(document).await };
        match self.0.call(insert).await {
            Ok(_) => Ok(true),
            Err(error) if duplicate(&error).is_some() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Lets the key of a slot sign from `now` on, if it was to begin later.
    pub async fn activate(&self, slot: i64, now: SystemTime) -> Result<(), StoreError> {
        let now = DateTime::from_system_time(now);
        let filter = doc! { "slot": slot, "activeFrom": { "$gt": now } };
        let update = doc! { "$set": { "activeFrom": now } };
        self.0
            .call(|db| async move { keys(&db).update_one(filter, update).await })
            .await?;
        Ok(())
    }

    /// Notes that all keys may sign tokens that live for `token`.
    pub async fn extend(&self, token: Duration) -> Result<(), StoreError> {
        let update = doc! { "$max": { "longestTokenMs": millis(token) } };
        self.0
            .call(|db| async move { keys(&db).update_many(doc! {}, update).await })
            .await?;
        Ok(())
    }

    /// Removes the keys of these slots.
    pub async fn remove(&self, slots: &[i64]) -> Result<(), StoreError> {
        let filter = doc! { "slot": { "$in": slots } };
        self.0
            .call(|db| async move { keys(&db).delete_many(filter).await })
            .await?;
        Ok(())
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

fn keys(db: &Database) -> Collection<SigningKeyDocument> {
    db.collection(COLLECTION)
}

impl From<&SigningKey> for SigningKeyDocument {
    fn from(key: &SigningKey) -> Self {
        let binary = |bytes: &[u8]| Binary {
            subtype: BinarySubtype::Generic,
            bytes: bytes.to_vec(),
        };
        Self {
            id: key.public.id.clone(),
            slot: key.slot,
            private_key: binary(&key.private),
            public_key: binary(&key.public.bytes),
            created_at: DateTime::now(),
            active_from: Some(DateTime::from_system_time(key.active_from)),
            longest_token_ms: millis(key.longest_token),
        }
    }
}

impl From<SigningKeyDocument> for SigningKey {
    /// A public half of another length is not its private half's, which `SigningKey::check` finds.
    fn from(document: SigningKeyDocument) -> Self {
        let active_from = document.active_from.unwrap_or(document.created_at);
        let bytes = document.public_key.bytes.try_into().unwrap_or_default();
        Self {
            slot: document.slot,
            private: document.private_key.bytes,
            active_from: active_from.to_system_time(),
            longest_token: Duration::from_millis(document.longest_token_ms.unsigned_abs()),
            public: PublicKey {
                id: document.id,
                bytes,
            },
        }
    }
}
