//! The newest accounts, for clients that show everybody.

use super::Account;
use crate::auth::Auth;
use crate::error::Error;

/// How many there are at most.
pub const MAX: i32 = 100;
/// How many there are unless asked otherwise.
pub const USUAL: i32 = 50;

/// Reads the newest accounts.
pub async fn list_newest(auth: &Auth, limit: i32) -> Result<Vec<Account>, Error> {
    let limit = if limit == 0 { USUAL } else { limit };
    let limit = usize::try_from(limit.min(MAX)).map_err(|_| crate::query::QueryInvalid)?;
    Ok(auth.store.users().newest(limit).await?)
}
