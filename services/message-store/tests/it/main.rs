//! The service as its callers see it: real store, real wire, nothing mocked.
#![allow(clippy::unwrap_used)] // What fails to be set up has failed.

mod actor;
mod append;
mod changes;
mod crash;
mod edit;
mod history;
mod invalid;
mod media;
mod member;
mod orphan;
mod outage;
mod outsider;
mod proxy;
mod readers;
mod receipt;
mod retain;
mod room;
mod search;
mod service;
