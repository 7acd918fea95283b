//! The TCP connections under HTTP and WebSocket, and a way to cut each of them.

mod cord;
mod listener;

pub use cord::{Cord, Cords};
pub use listener::CordListener;
