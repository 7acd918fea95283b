//! What every verb works with.

use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::log::{Heads, Log};
use crate::member::check::Memberships;
use crate::member::size::Sizes;
use crate::room::Retention;
use crate::room::retain::Moved;
use crate::search::index::Backlog;
use crate::store::Store;

pub struct Context {
    pub store: Store,
    pub heads: Arc<Heads>,
    pub log: Log,
    pub memberships: Memberships,
    pub backlog: Arc<Backlog>,
    pub sizes: Sizes,
    pub receipt_fanout_limit: i32,
    pub media_orphan_after_ms: i64,
    /// Whether messages can be searched.
    pub searchable: bool,
    /// The most that any room keeps.
    pub retention: Retention,
    pub retention_every: Duration,
    pub moved: Moved,
}

impl Context {
    #[must_use]
    pub fn new(store: Store, config: &Config) -> Self {
        let heads = Arc::new(Heads::new(store.clone()));
        let backlog = Arc::new(Backlog::default());
        let log = Log::open(&store, &heads, &backlog, config.writers);
        Self {
            store,
            heads,
            log,
            memberships: Memberships::new(),
            backlog,
            sizes: Sizes::new(),
            receipt_fanout_limit: config.receipt_fanout_limit,
            media_orphan_after_ms: i64::try_from(config.media_orphan_after.as_millis())
                .unwrap_or(i64::MAX),
            searchable: config.search,
            retention: config.retention(),
            retention_every: config.retention_every,
            moved: Moved::default(),
        }
    }
}
