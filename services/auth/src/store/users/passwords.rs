//! The hash of a user's password, which is read apart from all else.

use confab_ids::UserId;
use mongodb::Database;
use mongodb::bson::{Document, doc};

use super::{COLLECTION, Users};
use crate::store::StoreError;

impl Users {
    /// The hash of a user's password, if there is such a user.
    pub async fn password_hash(&self, user: UserId) -> Result<Option<String>, StoreError> {
        let filter = doc! { "_id": user.object_id() };
        let find = |db: Database| async move {
            let users = db.collection::<Document>(COLLECTION);
            users
                .find_one(filter)
                .projection(doc! { "passwordHash": 1 })
                .await
        };
        let found = self.0.call(find).await?;
        Ok(found.and_then(|user| Some(user.get_str("passwordHash").ok()?.to_owned())))
    }

    /// Replaces the hash, if it is still `before`. Answers whether it was.
    pub async fn replace_password_hash(
        &self,
        user: UserId,
        before: String,
        after: String,
    ) -> Result<bool, StoreError> {
        let filter = doc! { "_id": user.object_id(), "passwordHash": before };
        let update = doc! { "$set": { "passwordHash": after } };
        let replace = |db: Database| async move {
            let users = db.collection::<Document>(COLLECTION);
            users.update_one(filter, update).await
        };
        Ok(self.0.call(replace).await?.matched_count == 1)
    }
}
