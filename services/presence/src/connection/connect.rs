//! A socket has come.

use crate::context::Context;
use crate::edge::announce;
use crate::error::Error;

use super::Connection;

/// Adds a socket, and tells watchers if the user was offline. Answers whether it is the user's first.
pub async fn connect(context: &Context, connection: &Connection) -> Result<bool, Error> {
    let arrival = context.store.add(connection).await?;
    if let Some(edge) = arrival.edge {
        announce(context, vec![edge]).await;
    }
    Ok(arrival.first)
}
