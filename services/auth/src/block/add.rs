//! A user blocks another one.

use super::{Block, MOST};
use crate::auth::Auth;
use crate::error::Error;

/// Stores a block. A repeat is nothing.
pub async fn add(auth: &Auth, block: Block) -> Result<(), Error> {
    if block.user == block.blocked {
        return Err(Error::BlockInvalid);
    }
    if auth.store.users().find(&[block.blocked]).await?.is_empty() {
        return Err(Error::UserNotFound);
    }
    let blocks = auth.store.blocks();
    // Two at once may go one beyond, which harms nobody.
    if blocks.count(block.user).await? >= MOST && !blocks.contains(block).await? {
        return Err(Error::BlocksTooMany);
    }
    Ok(blocks.insert(block).await?)
}
