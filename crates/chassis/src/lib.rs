//! Being a process: what every service needs before it does anything of its own.
//!
//! The chassis knows no crate of ours: no protocol, no store, no domain word.
#![warn(missing_docs)]

pub mod admin;
pub mod duration;
pub mod grpc;
pub mod process;
pub mod secret;
pub mod telemetry;
pub mod trace;

pub use process::{Configuration, Running};
pub use secret::Secret;
pub use tokio_util::sync::CancellationToken;
