//! What the scenarios need: a cluster of real processes, a balancer, the official clients.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // Test support: what fails here fails the test.

mod balancer;
mod cluster;
mod collector;
mod control;
mod process;
mod rest;
mod script;

pub use balancer::Balancer;
pub use cluster::{Cluster, Gateway, Plan};
pub use collector::Collector;
pub use control::Control;
pub use process::{Process, scratch};
pub use rest::answers;
pub use rest::{Account, Rest};
pub use script::{Script, chaos, node, python};
