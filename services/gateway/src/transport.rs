//! The TCP connections under HTTP and WebSocket, how they end, and a way to cut each of them.

mod cord;
mod linger;
mod listener;

pub use cord::{Cord, Cords};
pub use listener::CordListener;
