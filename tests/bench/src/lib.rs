//! A Socket.IO client in Rust, as small as a load generator needs it, and the account of what it got. The
//! load generator (`confab-bench`) and the chaos suite (`confab-chaos`) are built on it.

pub mod frame;
pub mod handshake;
pub mod ledger;
