//! Logins, as the gateway handles them: ending them with their sockets, and the tokens of live sockets.

pub mod check;
pub mod end;
pub mod expire;
pub mod renew;
pub mod revoke;
