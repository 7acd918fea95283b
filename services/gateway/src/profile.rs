//! The public profiles of users, remembered for a moment: every message shows its sender's.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use confab_fault::Fault;
use confab_proto::auth::{BatchGetUsersRequest, User};
use confab_proto::event::Sender;
use moka::sync::Cache;

use crate::clients::Auth;

/// How long a changed name may show as it was.
const REMEMBER: Duration = Duration::from_secs(30);
/// About 300 bytes each.
const MOST: u64 = 50_000;
/// What auth answers at once.
const BATCH: usize = 500;

/// Profiles by user id. Clones share them.
#[derive(Clone)]
pub struct Profiles {
    auth: Auth,
    remembered: Cache<String, Arc<User>>,
}

impl Profiles {
    /// No profiles yet.
    pub fn new(auth: Auth) -> Self {
        let remembered = Cache::builder()
            .max_capacity(MOST)
            .time_to_live(REMEMBER)
            .build();
        Self { auth, remembered }
    }

    /// One user's profile, if there is such a user.
    pub async fn one(&self, id: &str) -> Result<Option<Arc<User>>, Fault> {
        match self.remembered.get(id) {
            Some(user) => Ok(Some(user)),
            None => Ok(self.many([id]).await?.remove(id)),
        }
    }

    /// The profiles of those of `ids` that exist.
    pub async fn many<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<HashMap<String, Arc<User>>, Fault> {
        let mut found = HashMap::new();
        let mut missing = HashSet::new();
        for id in ids {
            match self.remembered.get(id) {
                Some(user) => drop(found.insert(id.to_owned(), user)),
                None => drop(missing.insert(id.to_owned())),
            }
        }
        let missing: Vec<_> = missing.into_iter().collect();
        for batch in missing.chunks(BATCH) {
            let request = BatchGetUsersRequest {
                user_ids: batch.to_vec(),
                caller_id: String::new(),
            };
            for user in self.auth.batch_get_users(request).await?.users {
                let user = Arc::new(user);
                self.remembered.insert(user.id.clone(), user.clone());
                found.insert(user.id.clone(), user);
            }
        }
        Ok(found)
    }

    /// How the senders of messages show. Auth being away must not hold messages up: a sender that
    /// cannot be looked up shows by id alone.
    pub async fn senders<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> HashMap<String, Sender> {
        match self.many(ids).await {
            Ok(users) => users
                .into_iter()
                .map(|(id, user)| (id, sender(&user)))
                .collect(),
            Err(fault) => {
                tracing::warn!(%fault, "cannot look senders up");
                HashMap::new()
            }
        }
    }

    /// Shows a user's own change at once, on this replica.
    pub fn remember(&self, user: User) {
        self.remembered.insert(
            user.id.clone(),
            Arc::new(User {
                email: String::new(),
                ..user
            }),
        );
    }
}

/// A user as the sender of a message.
pub fn sender(user: &User) -> Sender {
    Sender {
        id: user.id.clone(),
        username: user.username.clone(),
        display_name: user.display_name.clone(),
        avatar_url: user.avatar_url.clone(),
    }
}
