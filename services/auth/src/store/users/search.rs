//! Finding people by the beginning of a name.
//!
//! Two index ranges, one behind the other, each with two ends: a regular expression would need escaping,
//! and an open range would read on to the last user. `displayKey` is the folded display name, a NUL and the
//! id, so that it is unique, and a place in its order is a value of it.

use confab_ids::UserId;
use futures_util::TryStreamExt as _;
use mongodb::Database;
use mongodb::bson::{Document, doc};

use super::document::AccountDocument;
use super::{Users, accounts};
use crate::account::Account;
use crate::store::StoreError;
use crate::username;

/// Sorts behind every character: the end of all that begins with a prefix.
const LAST: char = char::MAX;

/// A range of names that begin alike, or what is left of it.
pub struct Names<'a> {
    /// The beginning.
    pub prefix: &'a str,
    /// Behind this one; empty for all.
    pub after: &'a str,
    pub limit: usize,
}

/// What somebody's place in the order of display names is.
pub fn display_key(folded: &str, user: UserId) -> String {
    format!("{folded}\0{user}")
}

impl Users {
    /// Those whose usernames begin alike, in order.
    pub async fn by_username(&self, names: Names<'_>) -> Result<Vec<Account>, StoreError> {
        let filter = doc! { "usernameFolded": range(&names) };
        self.read_in_order(filter, "usernameFolded", names.limit)
            .await
    }

    /// Those whose display names begin alike, in order, but for those whose usernames begin with
    /// `username`.
    pub async fn by_display_name(
        &self,
        names: Names<'_>,
        username: &str,
    ) -> Result<Vec<Account>, StoreError> {
        let known = range(&Names {
            prefix: username,
            after: "",
            limit: 0,
        });
        let filter = doc! { "displayKey": range(&names), "usernameFolded": { "$not": known } };
        self.read_in_order(filter, "displayKey", names.limit).await
    }

    async fn read_in_order(
        &self,
        filter: Document,
        order: &'static str,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        let limit = i64::try_from(limit).expect("a limit is a small number");
        let find = |db: Database| async move {
            let accounts = accounts(&db);
            let find = accounts
                .find(filter)
                .projection(AccountDocument::fields())
                .sort(doc! { order: 1 })
                .limit(limit);
            find.await?.try_collect::<Vec<_>>().await
        };
        let documents = self.0.call(find).await?;
        Ok(documents.into_iter().map(Account::from).collect())
    }
}

/// What an account's places in the two orders are.
pub fn places(account: &Account) -> (String, String) {
    let folded = crate::profile::fold(&account.display_name);
    (
        username::fold(&account.username),
        display_key(&folded, account.id),
    )
}

fn range(names: &Names<'_>) -> Document {
    let end = format!("{}{LAST}", names.prefix);
    if names.after.is_empty() {
        doc! { "$gte": names.prefix, "$lt": end }
    } else {
        doc! { "$gt": names.after, "$lt": end }
    }
}
