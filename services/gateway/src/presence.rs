//! Who is online, as the gateway handles it.

pub mod connect;
pub mod lease;
pub mod query;
