//! What every verb works with.

use crate::clients::{Accounts, Watchers};
use crate::store::Store;

/// The world outside: clones speak of the same one.
#[derive(Clone)]
pub struct Context {
    pub store: Store,
    pub watchers: Watchers,
    pub accounts: Accounts,
}
