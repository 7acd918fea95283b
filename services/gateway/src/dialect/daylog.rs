//! The dialect of seed 003: rooms of two, each addressed by the other one.

mod event;
mod http;
mod view;
mod vocabulary;

pub use vocabulary::Daylog;
