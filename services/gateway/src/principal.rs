//! Who is asking, as the access token proves it. No I/O.

use std::time::SystemTime;

use confab_ids::{SessionId, UserId};

/// The user and the login behind a request or a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Who.
    pub user: UserId,
    /// Which login of theirs.
    pub session: SessionId,
    /// Until when the token proves it.
    pub expires_at: SystemTime,
}
