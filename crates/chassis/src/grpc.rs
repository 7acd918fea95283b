//! gRPC as every service speaks it: one way to serve, one way to call.

mod layer;
mod peers;
mod server;

pub use peers::{Caller, Deadline, Peers, STOPPING};
pub use server::{GrpcServer, Routes};
