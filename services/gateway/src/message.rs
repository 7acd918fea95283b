//! Messages, as the gateway handles them: it asks message-store and tells the others.

pub mod announce;
pub mod change;
pub mod history;
pub mod mention;
pub mod read;
pub mod readers;
pub mod receipts;
pub mod search;
pub mod send;
pub mod unseen;
