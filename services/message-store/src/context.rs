//! What every verb works with.

use std::sync::Arc;

use crate::log::{Heads, Log};
use crate::member::check::Memberships;
use crate::store::Store;

pub struct Context {
    pub store: Store,
    pub heads: Arc<Heads>,
    pub log: Log,
    pub memberships: Memberships,
}

impl Context {
    #[must_use]
    pub fn new(store: Store, writers: usize) -> Self {
        let heads = Arc::new(Heads::new(store.clone()));
        let log = Log::open(&store, &heads, writers);
        Self {
            store,
            heads,
            log,
            memberships: Memberships::new(),
        }
    }
}
