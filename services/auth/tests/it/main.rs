//! The service in-process against the real store, spoken to through its gRPC face only.
#![allow(clippy::unwrap_used)]

mod blocks;
mod debugging;
mod external;
mod hashing;
mod keys;
mod log_in;
mod outage;
mod process;
mod profile;
mod search;
mod service;
mod session;
mod sessions;
mod sign_up;
mod stopping;
