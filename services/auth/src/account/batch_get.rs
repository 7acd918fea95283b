//! The profiles of known ids.

use std::collections::HashMap;

use confab_ids::UserId;

use super::Account;
use crate::auth::Auth;
use crate::error::Error;

/// How many are read at once: a large room's members take a few calls.
pub const MAX: usize = 500;

/// Reads accounts, in the order of `ids`; unknown ids are left out.
pub async fn batch_get(auth: &Auth, ids: &[UserId]) -> Result<Vec<Account>, Error> {
    let found = auth.store.users().find(ids).await?;
    let mut by_id: HashMap<UserId, Account> = found
        .into_iter()
        .map(|account| (account.id, account))
        .collect();
    // Taking each out of the map leaves the doubles out, too.
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}
