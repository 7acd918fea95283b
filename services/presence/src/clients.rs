//! Whom presence talks to: those who watch a user, and auth.

mod accounts;
mod watchers;

pub use accounts::Accounts;
pub use watchers::Watchers;
