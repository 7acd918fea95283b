//! The collection `sessions`.

mod document;

use std::time::SystemTime;

use confab_ids::{SessionId, UserId};
use futures_util::TryStreamExt as _;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::{Collection, Database};

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
        let filter = live(doc! { "_id": id.object_id() }, now);
        let document = self
            .0
            .call(|db| async move { sessions(&db).find_one(filter).await })
            .await?;
        Ok(document.map(Session::from))
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
        let filter = live(doc! { "userId": user.object_id() }, now);
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
        let filter = live(doc! { "_id": { "$in": ids } }, now);
        let find = |db: Database| async move {
            let sessions = db.collection::<Document>(COLLECTION);
            let found = sessions.find(filter).projection(doc! { "_id": 1 }).await?;
            found.try_collect::<Vec<_>>().await
        };
        let documents = self.0.call(find).await?;
        let id = |document: &Document| document.get_object_id("_id").ok().map(SessionId::from);
        Ok(documents.iter().filter_map(id).collect())
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
fn live(mut filter: Document, now: SystemTime) -> Document {
    filter.insert("expiresAt", doc! { "$gt": DateTime::from_system_time(now) });
    filter
}
