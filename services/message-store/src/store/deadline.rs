//! Nothing waits for the store for longer than this.

use std::future::IntoFuture;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use mongodb::action::Find;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::StoreError;

/// Many times what a slow disk needs; below what callers of ours wait for.
const DEADLINE: Duration = Duration::from_secs(4);

/// As many as the driver has connections for. Its pool hands one request on per event, and requests
/// that were given up count: a few dozen of them stall all that come after by half a second each. So
/// nobody waits there but here, where a wait that is given up leaves no trace.
static CONNECTIONS: Semaphore = Semaphore::const_new(super::MAX_CONNECTIONS as usize);

/// Awaits one operation. The driver's own time limits are requests to the server, which may ignore them.
pub async fn within<T>(
    operation: impl IntoFuture<Output = mongodb::error::Result<T>>,
) -> Result<T, StoreError> {
    let deadline = Instant::now() + DEADLINE;
    let took_too_long = |_| StoreError::TookTooLong(DEADLINE);
    let connection = timeout_at(deadline, CONNECTIONS.acquire())
        .await
        .map_err(took_too_long)?;
    let answer = timeout_at(deadline, operation.into_future()).await;
    drop(connection);
    answer.map_err(took_too_long)?.map_err(StoreError::from)
}

/// Awaits all documents that a query finds. The deadline is for all of them together.
pub async fn all<T>(find: Find<'_, T>) -> Result<Vec<T>, StoreError>
where
    T: DeserializeOwned + Unpin + Send + Sync,
{
    within(async { find.await?.try_collect().await }).await
}
