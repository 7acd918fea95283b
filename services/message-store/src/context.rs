//! What every verb works with.

use std::sync::Arc;

use crate::log::{Heads, Log};
use crate::member::check::Memberships;
use crate::search::index::Backlog;
use crate::store::Store;

pub struct Context {
    pub store: Store,
    pub heads: Arc<Heads>,
    pub log: Log,
    pub memberships: Memberships,
    pub backlog: Arc<Backlog>,
}

impl Context {
    #[must_use]
    pub fn new(store: Store, writers: usize) -> Self {
        let heads = Arc::new(Heads::new(store.clone()));
        let backlog = Arc::new(Backlog::default());
        let log = Log::open(&store, &heads, &backlog, writers);
        Self {
            store,
            heads,
            log,
            memberships: Memberships::new(),
            backlog,
        }
    }
}
