//! A user no longer blocks another one.

use super::Block;
use crate::auth::Auth;
use crate::error::Error;

/// Removes a block. A repeat is nothing.
pub async fn remove(auth: &Auth, block: Block) -> Result<(), Error> {
    Ok(auth.store.blocks().remove(block).await?)
}
