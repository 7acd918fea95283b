//! Who blocks whom.

use confab_ids::UserId;

use crate::account::{Account, batch_get};
use crate::auth::Auth;
use crate::error::Error;

/// Those whom a user blocks, in the order of their ids.
pub async fn blocked(auth: &Auth, user: UserId) -> Result<Vec<Account>, Error> {
    let mut ids = auth.store.blocks().blocked_by(user).await?;
    ids.sort_unstable();
    batch_get::batch_get(auth, &ids).await
}

/// Those who block a user, in no order.
pub async fn blockers(auth: &Auth, user: UserId) -> Result<Vec<UserId>, Error> {
    Ok(auth.store.blocks().blockers_of(user).await?)
}
