//! Finding people by the beginning of their username.

use super::Account;
use crate::auth::Auth;
use crate::error::Error;
use crate::query::Query;

/// Finds accounts in username order.
pub async fn search(auth: &Auth, query: &Query) -> Result<Vec<Account>, Error> {
    Ok(auth.store.users().search(query).await?)
}
