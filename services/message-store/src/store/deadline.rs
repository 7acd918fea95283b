//! Nothing waits for the store for longer than this.

use std::future::IntoFuture;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use mongodb::action::Find;
use serde::de::DeserializeOwned;

use super::StoreError;

/// Many times what a slow disk needs; below what callers of ours wait for.
const DEADLINE: Duration = Duration::from_secs(5);

/// Awaits one operation. The driver's own time limits are requests to the server, which may ignore them.
pub async fn within<T>(
    operation: impl IntoFuture<Output = mongodb::error::Result<T>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(DEADLINE, operation.into_future()).await {
        Ok(answer) => answer.map_err(StoreError::from),
        Err(_) => Err(StoreError::TookTooLong(DEADLINE)),
    }
}

/// Awaits all documents that a query finds. The deadline is for all of them together.
pub async fn all<T>(find: Find<'_, T>) -> Result<Vec<T>, StoreError>
where
    T: DeserializeOwned + Unpin + Send + Sync,
{
    within(async { find.await?.try_collect().await }).await
}
