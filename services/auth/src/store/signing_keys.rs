//! The collection `signing_keys`.

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
        }
    }
}

impl From<SigningKeyDocument> for SigningKey {
    /// A public half of another length is not its private half's, which `SigningKey::check` finds.
    fn from(document: SigningKeyDocument) -> Self {
        let bytes = document.public_key.bytes.try_into().unwrap_or_default();
        Self {
            slot: document.slot,
            private: document.private_key.bytes,
            public: PublicKey {
                id: document.id,
                bytes,
            },
        }
    }
}
