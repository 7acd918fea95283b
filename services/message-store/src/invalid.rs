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
    #[error("{0}")]
    Attachment(&'static str),
    #[error("an emoji is 1 to 64 bytes without white space")]
    Emoji,
    #[error("an image is http, https, a path or an image that you uploaded, at most 2048 bytes")]
    ImageUrl,
    #[error("a room keeps 0 to 36500 days and 0 to 1000000000 messages, where 0 is all")]
    Retention,
    #[error("for whom to delete is not said")]
    DeleteFor,
    #[error("a message mentions at most 50 users, by their ids")]
    Mentions,
    #[error("a type of message is `text`, `image`, `video`, `audio` or `file`")]
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
