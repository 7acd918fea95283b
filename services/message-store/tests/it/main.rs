//! The service as its callers see it: real store, real wire, nothing mocked.

mod append;
mod changes;
mod crash;
mod history;
mod invalid;
mod outage;
mod outsider;
mod proxy;
mod receipt;
mod room;
mod service;
