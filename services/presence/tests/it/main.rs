//! The presence service against a real Redis, spoken to as its callers do.
#![allow(clippy::unwrap_used)] // A test that cannot go on has failed.

mod accounts;
mod announce;
mod connect;
mod fleet;
mod last_seen;
mod leases;
mod outage;
mod process;
mod query;
mod refuse;
mod replica;
mod serve;
mod watch;
mod wire;
