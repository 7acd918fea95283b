//! Where logs end, noted in their rooms now and then, so that nobody must read a whole log to find
//! its end. A hint may lag behind; it is never ahead.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use confab_ids::RoomId;
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::Head;
use crate::search::index::Backlog;
use crate::store::{Store, chain};

/// A room is updated at most this often, however many messages it gets. What a replica that knows
/// nothing must read of a log is what came in during this time.
const EVERY: Duration = Duration::from_secs(1);

/// Heads that have moved since they were last noted.
pub struct Hints {
    store: Store,
    backlog: Arc<Backlog>,
    moved: Mutex<HashMap<RoomId, Head>>,
}

impl Hints {
    pub fn new(store: Store, backlog: Arc<Backlog>) -> Self {
        Self {
            store,
            backlog,
            moved: Mutex::default(),
        }
    }

    /// These logs are durable so far.
    pub fn note(&self, heads: impl IntoIterator<Item = (RoomId, Head)>) {
        let mut moved = self.moved.lock();
        for (room, head) in heads {
            let noted = moved.entry(room).or_default();
            *noted = noted.or_further(head);
        }
    }

    /// Writes the hints once a second until `stop`.
    pub async fn flush_until(self: Arc<Self>, stop: CancellationToken) {
        while stop
            .run_until_cancelled(tokio::time::sleep(EVERY))
            .await
            .is_some()
        {
            self.flush().await;
        }
    }

    /// Writes all hints now. A failure is not serious: they stay noted for the next time.
    pub async fn flush(&self) {
        let moved: Vec<(RoomId, Head)> = self.moved.lock().drain().collect();
        if moved.is_empty() {
            return;
        }
        self.backlog.note(moved.iter().map(|(room, _)| *room));
        if let Err(error) = self.store.raise_hints(&moved).await {
            tracing::warn!(error = chain(&error), rooms = moved.len(), "hints are late");
            self.note(moved);
        }
    }
}
