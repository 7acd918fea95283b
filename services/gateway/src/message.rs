//! Messages, as the gateway handles them: it asks message-store and tells the others.

pub mod announce;
pub mod change;
pub mod mention;
pub mod read;
pub mod readers;
pub mod search;
pub mod send;
