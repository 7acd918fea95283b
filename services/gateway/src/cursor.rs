//! How far a member has received and read, as the gateway handles it.

pub mod advance;
pub mod read;
