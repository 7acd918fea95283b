//! The collection `users`.

mod document;
mod passwords;
pub mod search;

use confab_ids::UserId;
use futures_util::TryStreamExt as _;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::options::ReturnDocument;
use mongodb::{Collection, Database};

use self::document::{AccountDocument, UserDocument};
use super::StoreError;
use super::calls::Calls;
use super::failure::duplicate;
use crate::account::{Account, LastSeen};
use crate::email::Email;
use crate::external::External;
use crate::login::Login;
use crate::profile::ProfileChange;
use crate::username::Username;

pub const COLLECTION: &str = "users";

/// People's accounts.
pub struct Users(Calls);

/// What came of storing a new account.
#[derive(Debug, PartialEq, Eq)]
pub enum Inserted {
    Stored,
    Refused(Taken),
}

/// What of a new account belongs to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Username,
    Email,
    /// Whom an issuer vouches for.
    External,
}

impl Users {
    pub(super) const fn new(calls: Calls) -> Self {
        Self(calls)
    }

    /// What of these belongs to an account, the username first.
    pub async fn taken(&self, name: &Username, email: &Email) -> Result<Option<Taken>, StoreError> {
        let look = |filter| {
            self.0.call(|db| async move {
                let users = db.collection::<Document>(COLLECTION);
                users.find_one(filter).projection(doc! { "_id": 1 }).await
            })
        };
        let by_name = look(doc! { "usernameFolded": name.folded() });
        let by_email = look(doc! { "emailFolded": email.folded() });
        Ok(match tokio::try_join!(by_name, by_email)? {
            (Some(_), _) => Some(Taken::Username),
            (None, Some(_)) => Some(Taken::Email),
            (None, None) => None,
        })
    }

    /// Stores a new account; the unique indexes decide who of two at once gets a name.
    pub async fn insert(&self, account: &Account, hash: String) -> Result<Inserted, StoreError> {
        self.store(UserDocument::new(account, hash)).await
    }

    /// Stores the account of somebody who logs in elsewhere.
    pub async fn insert_external(
        &self,
        account: &Account,
        external: &External,
    ) -> Result<Inserted, StoreError> {
        self.store(UserDocument::external(account, external)).await
    }

    /// The account of somebody who logs in elsewhere.
    pub async fn find_external(&self, external: &External) -> Result<Option<Account>, StoreError> {
        let filter = doc! { "externalKey": document::external_key(external) };
        Ok(self.read(filter).await?.pop())
    }

    /// The newest accounts.
    pub async fn newest(&self, limit: usize) -> Result<Vec<Account>, StoreError> {
        let limit = i64::try_from(limit).expect("a limit is a small number");
        let find = |db: Database| async move {
            let accounts = accounts(&db);
            let find = accounts.find(doc! {}).projection(AccountDocument::fields());
            let find = find.sort(doc! { "_id": -1 }).limit(limit);
            find.await?.try_collect::<Vec<_>>().await
        };
        let documents = self.0.call(find).await?;
        Ok(documents.into_iter().map(Account::from).collect())
    }

    async fn store(&self, document: UserDocument) -> Result<Inserted, StoreError> {
        match self
            .0
            .call(|db| async move { users(&db).insert_one(document).await })
            .await
        {
            Ok(_) => Ok(Inserted::Stored),
            Err(error) => match duplicate(&error) {
                Some(message) if message.contains("externalKey") => {
                    Ok(Inserted::Refused(Taken::External))
                }
                // The message names the index's field; folded values cannot contain its capital F.
                Some(message) if message.contains("usernameFolded") => {
                    Ok(Inserted::Refused(Taken::Username))
                }
                Some(message) if message.contains("emailFolded") => {
                    Ok(Inserted::Refused(Taken::Email))
                }
                _ => Err(error),
            },
        }
    }

    /// The account that somebody logs in to, with its password's hash.
    pub async fn find_by_login(
        &self,
        login: &Login,
    ) -> Result<Option<(Account, String)>, StoreError> {
        let filter = match login {
            Login::Username(username) => doc! { "usernameFolded": username.folded() },
            Login::Email(email) => doc! { "emailFolded": email.folded() },
            Login::Nobody => return Ok(None),
        };
        let document = self
            .0
            .call(|db| async move { users(&db).find_one(filter).await })
            .await?;
        Ok(document.map(UserDocument::into_parts))
    }

    /// The accounts of these ids, in any order.
    pub async fn find(&self, ids: &[UserId]) -> Result<Vec<Account>, StoreError> {
        let ids: Vec<_> = ids.iter().map(|id| id.object_id()).collect();
        self.read(doc! { "_id": { "$in": ids } }).await
    }

    /// The accounts of these usernames, in any order.
    pub async fn find_by_usernames(&self, names: &[Username]) -> Result<Vec<Account>, StoreError> {
        let names: Vec<_> = names.iter().map(Username::folded).collect();
        self.read(doc! { "usernameFolded": { "$in": names } }).await
    }

    async fn read(&self, filter: Document) -> Result<Vec<Account>, StoreError> {
        let find = |db: Database| async move {
            let accounts = accounts(&db);
            let find = accounts.find(filter).projection(AccountDocument::fields());
            find.await?.try_collect::<Vec<_>>().await
        };
        let documents = self.0.call(find).await?;
        Ok(documents.into_iter().map(Account::from).collect())
    }

    /// Changes a profile and answers the account as it is then, if there is one.
    pub async fn change_profile(
        &self,
        user: UserId,
        change: &ProfileChange,
    ) -> Result<Option<Account>, StoreError> {
        let update = document::update(user, change);
        let filter = doc! { "_id": user.object_id() };
        let change = |db: Database| async move {
            let (accounts, fields) = (accounts(&db), AccountDocument::fields());
            if update.is_empty() {
                return accounts.find_one(filter).projection(fields).await;
            }
            accounts
                .find_one_and_update(filter, update)
                .projection(fields)
                .return_document(ReturnDocument::After)
                .await
        };
        let document = self.0.call(change).await?;
        Ok(document.map(Account::from))
    }

    /// Moves times forward, many in one round trip: by a plain `update` command, because the driver's
    /// `bulk_write` needs MongoDB 8.
    pub async fn record_last_seen(&self, seen: &[LastSeen]) -> Result<(), StoreError> {
        let updates: Vec<Document> = seen
            .iter()
            .map(|one| {
                let at = DateTime::from_system_time(one.at);
                doc! { "q": { "_id": one.user.object_id() }, "u": { "$max": { "lastSeenAt": at } } }
            })
            .collect();
        let command = doc! { "update": COLLECTION, "updates": updates, "ordered": false };
        let update = |db: Database| async move {
            let reply = db.run_command(command).await?;
            match reply.get("writeErrors") {
                None => Ok(()),
                Some(errors) => Err(mongodb::error::Error::custom(errors.to_string())),
            }
        };
        self.0.call(update).await
    }
}

fn accounts(db: &Database) -> Collection<AccountDocument> {
    db.collection(COLLECTION)
}

fn users(db: &Database) -> Collection<UserDocument> {
    db.collection(COLLECTION)
}
