//! Requests that are wrong in themselves, each by the part that is wrong.

/// A part of a request that is not what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("{0}")]
    Members(&'static str),
    #[error("{0}")]
    RoomName(&'static str),
    #[error("{0}")]
    Content(&'static str),
    #[error("the only type of message is `text`")]
    MessageType,
    #[error("a client message id is 1 to 64 printable ASCII characters")]
    ClientMessageId,
    #[error("{0}")]
    Cursor(&'static str),
    #[error("{0}")]
    Limit(&'static str),
    #[error("{0}")]
    Query(&'static str),
    #[error("a user id is 24 hex digits")]
    UserId,
}
