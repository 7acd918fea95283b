//! The service as its callers see it: real store, real wire, nothing mocked.

mod append;
mod changes;
mod crash;
mod history;
mod invalid;
mod outsider;
mod receipt;
mod room;
mod service;
