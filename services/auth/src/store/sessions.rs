//! The collection `sessions`.

use std::time::SystemTime;

use confab_ids::UserId;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, DateTime, Document, doc};
use mongodb::{Collection, Database};
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::calls::Calls;
use crate::session::RefreshToken;

pub const COLLECTION: &str = "sessions";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
    user_id: ObjectId,
    refresh_hash: Binary,
    created_at: DateTime,
    refreshed_at: DateTime,
    expires_at: DateTime,
}

/// The logins that last.
pub struct Sessions(Calls);

/// The exchange of one refresh token for the next.
pub struct Rotation<'a> {
    pub spent: &'a RefreshToken,
    pub next: &'a RefreshToken,
    pub now: SystemTime,
    pub expires: SystemTime,
}

impl Sessions {
    pub(super) const fn new(calls: Calls) -> Self {
        Self(calls)
    }

    /// Stores a new session under its first refresh token.
    pub async fn insert(
        &self,
        token: &RefreshToken,
        user: UserId,
        now: SystemTime,
        expires: SystemTime,
    ) -> Result<(), StoreError> {
        let now = DateTime::from_system_time(now);
        let document = SessionDocument {
            id: token.session.object_id(),
            user_id: user.object_id(),
            refresh_hash: hash(token),
            created_at: now,
            refreshed_at: now,
            expires_at: DateTime::from_system_time(expires),
        };
        self.0
            .call(|db| async move { sessions(&db).insert_one(document).await })
            .await?;
        Ok(())
    }

    /// Whose session a refresh token keeps alive, if any.
    pub async fn find_user(
        &self,
        token: &RefreshToken,
        now: SystemTime,
    ) -> Result<Option<UserId>, StoreError> {
        let filter = live(token, now);
        let document = self
            .0
            .call(|db| async move { sessions(&db).find_one(filter).await })
            .await?;
        Ok(document.map(|document| document.user_id.into()))
    }

    /// Exchanges a refresh token in one step, so that of two who spend it at once one fails. Answers
    /// whether it was good.
    pub async fn rotate(&self, rotation: Rotation<'_>) -> Result<bool, StoreError> {
        let update = doc! { "$set": {
            "refreshHash": hash(rotation.next),
            "refreshedAt": DateTime::from_system_time(rotation.now),
            "expiresAt": DateTime::from_system_time(rotation.expires),
        } };
        let filter = live(rotation.spent, rotation.now);
        let exchange =
            |db: Database| async move { sessions(&db).find_one_and_update(filter, update).await };
        Ok(self.0.call(exchange).await?.is_some())
    }

    /// Removes the session that a refresh token keeps alive.
    pub async fn delete(&self, token: &RefreshToken) -> Result<(), StoreError> {
        let filter = held_by(token);
        self.0
            .call(|db| async move { sessions(&db).delete_one(filter).await })
            .await?;
        Ok(())
    }
}

fn sessions(db: &Database) -> Collection<SessionDocument> {
    db.collection(COLLECTION)
}

fn hash(token: &RefreshToken) -> Binary {
    Binary {
        subtype: BinarySubtype::Generic,
        bytes: token.hash().to_vec(),
    }
}

fn held_by(token: &RefreshToken) -> Document {
    doc! { "_id": token.session.object_id(), "refreshHash": hash(token) }
}

/// The TTL index removes what has expired within a minute or so; until then the time decides.
fn live(token: &RefreshToken, now: SystemTime) -> Document {
    let mut filter = held_by(token);
    filter.insert("expiresAt", doc! { "$gt": DateTime::from_system_time(now) });
    filter
}
