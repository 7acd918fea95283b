//! A socket has gone.

use crate::context::Context;
use crate::error::Error;

use super::Connection;

/// Takes a socket away. Answers whether it was the user's last; a sweep tells watchers later, if the
/// user has not come back by then.
pub async fn disconnect(context: &Context, connection: &Connection) -> Result<bool, Error> {
    Ok(context.store.remove(connection).await?)
}
