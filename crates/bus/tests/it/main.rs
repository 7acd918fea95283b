//! The bus against a real Redis.
#![allow(clippy::unwrap_used)] // A test that cannot go on has failed.

mod bus;
mod fleet;
