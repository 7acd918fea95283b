//! Nothing waits for the store for longer than this.

use std::future::IntoFuture;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use mongodb::action::Find;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::{Store, StoreError};

/// Many times what a slow disk needs; below what callers of ours wait for.
const DEADLINE: Duration = Duration::from_secs(4);

/// As many as the driver has connections for. Its pool hands one request on per event, and requests
/// that were given up count: a few dozen of them stall all that come after by half a second each. So
/// nobody waits there but here, where a wait that is given up leaves no trace.
static CONNECTIONS: Semaphore = Semaphore::const_new(super::MAX_CONNECTIONS as usize);

impl Store {
    /// Awaits one operation, if the store is not known to be away. The driver's own time limits are
    /// requests to the server, which may ignore them.
    pub(super) async fn within<T>(
        &self,
        operation: impl IntoFuture<Output = mongodb::error::Result<T>>,
    ) -> Result<T, StoreError> {
        if self.absence.is_known() {
            return Err(StoreError::Away);
        }
        let began = Instant::now();
        let outcome = attempt(operation, began + DEADLINE).await;
        match &outcome {
            Err(error) if error.is_unreachable() => {
                if self.absence.failed(began, Instant::now()) {
                    self.look_out();
                }
            }
            _ => self.absence.answered(Instant::now()),
        }
        outcome
    }

    /// Awaits all documents that a query finds. The deadline is for all of them together.
    pub(super) async fn all<T>(&self, find: Find<'_, T>) -> Result<Vec<T>, StoreError>
    where
        T: DeserializeOwned + Unpin + Send + Sync,
    {
        self.within(async { find.await?.try_collect().await }).await
    }
}

async fn attempt<T>(
    operation: impl IntoFuture<Output = mongodb::error::Result<T>>,
    deadline: Instant,
) -> Result<T, StoreError> {
    let took_too_long = |_| StoreError::TookTooLong(DEADLINE);
    let connection = timeout_at(deadline, CONNECTIONS.acquire())
        .await
        .map_err(took_too_long)?;
    let answer = timeout_at(deadline, operation.into_future()).await;
    drop(connection);
    answer.map_err(took_too_long)?.map_err(StoreError::from)
}
