//! How the database is called: no more at once than there are connections, each with a deadline, and
//! each to its end.
//!
//! The driver's pool hands one request on per event. Requests whose callers have gone away count, so
//! a few dozen abandoned ones (clients that hang up, or run out of time) stall all that come after them
//! by half a second each. Therefore nobody waits in the pool's queue but here, where an abandoned wait
//! leaves no trace; and a call that has begun is not dropped with its caller, which would cost its
//! connection.

use std::sync::Arc;
use std::time::Duration;

use mongodb::Database;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use super::StoreError;

/// How long one call may take, waiting included. What takes longer has hit a wall, and the caller's own
/// deadline is near.
const DEADLINE: Duration = Duration::from_secs(5);

/// The way to one database. Clones share its connections.
#[derive(Clone)]
pub struct Calls {
    database: Database,
    connections: Arc<Semaphore>,
}

impl Calls {
    /// Calls over this many connections.
    pub fn new(database: Database, connections: u32) -> Self {
        let connections = usize::try_from(connections).expect("a usize holds at least 32 bits");
        Self {
            database,
            connections: Arc::new(Semaphore::new(connections)),
        }
    }

    /// Does one call.
    pub async fn call<T, F>(&self, call: impl FnOnce(Database) -> F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Future<Output = mongodb::error::Result<T>> + Send + 'static,
    {
        let deadline = Instant::now() + DEADLINE;
        let connection = timeout_at(deadline, self.connections.clone().acquire_owned())
            .await
            .map_err(|_| StoreError::Unavailable(None))?
            .expect("nobody closes this semaphore");
        let call = call(self.database.clone());
        let begun = async move {
            let done = timeout_at(deadline, call).await;
            drop(connection);
            done.map_or(Err(StoreError::Timeout(None)), |done| {
                done.map_err(StoreError::from)
            })
        };
        match tokio::spawn(begun.in_current_span()).await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Only the end of the process cancels tasks.
                Err(_) => Err(StoreError::Timeout(None)),
            },
        }
    }
}
