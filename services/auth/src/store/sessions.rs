//! The collection `sessions`.

mod document;

use std::time::SystemTime;

use confab_ids::{SessionId, UserId};
use futures_util::TryStreamExt as _;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, doc};
use mongodb::{Collection, Database};
use serde::Deserialize;

use self::document::{SessionDocument, binary};
use super::StoreError;
use super::calls::Calls;
use super::failure::duplicate;
use crate::session::Session;

pub const COLLECTION: &str = "sessions";
/// How many sessions of one user are read at once.
const MOST: i64 = 1_000;

/// The logins that last.
pub struct Sessions(Calls);

impl Sessions {
    pub(super) const fn new(calls: Calls) -> Self {
        Self(calls)
    }

    /// Stores a new session.
    pub async fn insert(&self, session: &Session) -> Result<(), StoreError> {
        let document = SessionDocument::from(session);
        self.0
            .call(|db| async move { sessions(&db).insert_one(document).await })
            .await?;
        Ok(())
    }

    /// Stores a session unless it is there already.
    pub async fn insert_unless_there(&self, session: &Session) -> Result<(), StoreError> {
        match self.insert(session).await {
            Err(error) if duplicate(&error).is_some() => Ok(()),
            outcome => outcome,
        }
    }

    /// A session that is live.
    pub async fn find(
        &self,
        id: SessionId,
        now: SystemTime,
    ) -> Result<Option<Session>, StoreError> {
        let filter = doc! { "_id": id.object_id() };
        let document = self
            .0
            .call(|db| async move { sessions(&db).find_one(filter).await })
            .await?;
        let session = document.map(Session::from);
        Ok(session.filter(|session| session.expires_at > now))
    }

    /// Stores what came of spending the token of hash `before`, unless somebody else spent it first.
    /// Answers whether it was stored. One conditional update: of two at once, one fails.
    pub async fn exchange(&self, before: [u8; 32], session: &Session) -> Result<bool, StoreError> {
        let filter = doc! { "_id": session.id.object_id(), "refreshHash": binary(&before) };
        let document = SessionDocument::from(session);
        let exchange = |db: Database| async move {
            sessions(&db)
                .replace_one(filter, document)
                .await
                .map(|done| done.matched_count)
        };
        Ok(self.0.call(exchange).await? == 1)
    }

    /// A user's live sessions, in no order, a bounded number.
    pub async fn of(&self, user: UserId, now: SystemTime) -> Result<Vec<Session>, StoreError> {
        let expires_at = doc! { "$gt": DateTime::from_system_time(now) };
        let filter = doc! { "userId": user.object_id(), "expiresAt": expires_at };
        let find = |db: Database| async move {
            let found = sessions(&db).find(filter).limit(MOST).await?;
            found.try_collect::<Vec<_>>().await
        };
        let documents = self.0.call(find).await?;
        Ok(documents.into_iter().map(Session::from).collect())
    }

    /// Those of these sessions that are live.
    pub async fn live(
        &self,
        ids: &[SessionId],
        now: SystemTime,
    ) -> Result<Vec<SessionId>, StoreError> {
        let ids: Vec<_> = ids.iter().map(|id| id.object_id()).collect();
        // Times are compared here: a filter of more than ids would make some engines look at all sessions.
        let filter = doc! { "_id": { "$in": ids } };
        let find = |db: Database| async move {
            let sessions = db.collection::<Expiry>(COLLECTION);
            let found = sessions.find(filter).projection(doc! { "expiresAt": 1 });
            found.await?.try_collect::<Vec<_>>().await
        };
        let sessions = self.0.call(find).await?;
        let live = sessions
            .into_iter()
            .filter(|one| one.expires_at.to_system_time() > now);
        Ok(live.map(|one| SessionId::from(one.id)).collect())
    }

    /// Removes sessions of a user, and answers how many there were.
    pub async fn end(&self, user: UserId, ids: &[SessionId]) -> Result<u64, StoreError> {
        let ids: Vec<_> = ids.iter().map(|id| id.object_id()).collect();
        let filter = doc! { "_id": { "$in": ids }, "userId": user.object_id() };
        let ended = self
            .0
            .call(|db| async move { sessions(&db).delete_many(filter).await })
            .await?;
        Ok(ended.deleted_count)
    }
}

fn sessions(db: &Database) -> Collection<SessionDocument> {
    db.collection(COLLECTION)
}

/// The TTL index removes what has expired within a minute or so; until then the time decides.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expiry {
    #[serde(rename = "_id")]
    id: ObjectId,
    expires_at: DateTime,
}
