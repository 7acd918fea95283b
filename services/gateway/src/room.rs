//! Rooms, as the gateway handles them: it asks message-store and tells the members.

pub mod change;
pub mod create;
pub mod enter;
pub mod last;
pub mod sync;
