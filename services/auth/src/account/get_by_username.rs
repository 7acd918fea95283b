//! The profiles of known usernames, such as a message mentions.

use std::collections::HashMap;

use super::Account;
use crate::auth::Auth;
use crate::error::Error;
use crate::username::{Username, fold};

/// How many are read at once: more than one message can sensibly mention.
pub const MAX: usize = 100;

/// Reads accounts, in the order of `names`; names that nobody has are left out.
pub async fn get_by_username(auth: &Auth, names: &[Username]) -> Result<Vec<Account>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let found = auth.store.users().find_by_usernames(names).await?;
    let mut by_name: HashMap<String, Account> = found
        .into_iter()
        .map(|account| (fold(&account.username), account))
        .collect();
    // Taking each out of the map leaves the doubles out, too.
    Ok(names
        .iter()
        .filter_map(|name| by_name.remove(&name.folded()))
        .collect())
}
