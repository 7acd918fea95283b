//! The dialect of seed 001: rooms of two, each addressed by the other one, written to over REST.

mod http;
mod view;
mod vocabulary;

pub use vocabulary::Chatspace;
