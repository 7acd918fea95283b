//! What tests share: stores of their own, ports of their own, a line to cut, and patience.
//!
//! The stores themselves are started by `cargo xtask test`, which says where they are in `MONGODB_URI`
//! and `REDIS_URL`; tests that must kill a Redis start their own.
#![warn(missing_docs)]
#![allow(clippy::unwrap_used)] // A test that cannot set itself up has failed.

mod eventually;
mod ports;
mod proxy;
mod redis_server;
mod stores;

pub use eventually::{eventually, eventually_within};
pub use ports::PortBlock;
pub use proxy::Proxy;
pub use redis_server::{RedisAlone, RedisCluster, RedisSentinel};
pub use stores::{Mongo, Redis};
