//! The dialect of seed 000: conversations of two and of many, that clients say they are in.

mod event;
mod http;
mod view;
mod vocabulary;

pub use vocabulary::Social;
