//! The dialect of seed 002: chats, and users whom an issuer elsewhere may vouch for.

mod event;
mod http;
mod view;
mod vocabulary;

pub use vocabulary::Heretics;
