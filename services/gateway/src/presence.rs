//! Who is online, as the gateway handles it.

pub mod contacts;
pub mod lease;
pub mod moves;
pub mod query;
pub mod sight;
pub mod tell;
