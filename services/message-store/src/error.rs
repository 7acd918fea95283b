//! What can go wrong here, and what peers are told of it.

use std::time::Duration;

use confab_fault::{Fault, Kind};

use crate::invalid::Invalid;
use crate::store::StoreError;

/// Long enough for a batch or two to be written.
const BUSY_WAIT: Duration = Duration::from_millis(250);

/// In which an upload or two are completed.
const UPLOADS_WAIT: Duration = Duration::from_secs(10);

#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// There is no such room, or the caller is not a member: the two cannot be told apart.
    #[error("there is no such room")]
    RoomNotFound,
    /// There is no such message, or the caller is not a member of its room.
    #[error("there is no such message")]
    MessageNotFound,
    #[error("there is no such member")]
    MemberNotFound,
    #[error("the room has 100,000 members, and that is all it may have")]
    RoomFull,
    /// There is no such upload, or the caller may not see it, or it was given up.
    #[error("there is no such upload")]
    MediaNotFound,
    #[error("you have 20 uploads that are not complete, and that is all you may have")]
    TooManyUploads,
    #[error("messages cannot be searched here")]
    SearchOff,
    #[error("{0}")]
    NotAllowed(&'static str),
    #[error("the message is deleted")]
    MessageDeleted,
    #[error("the message has no room for more reactions")]
    ReactionsFull,
    #[error("the room has 50 pinned messages, and that is all it may have")]
    PinsFull,
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// More messages arrive than the store takes.
    #[error("too many messages wait to be written")]
    LogBusy,
    /// The message could not be placed before its deadline, for reasons other than the store's.
    #[error("the message could not be written in time")]
    LogContended,
    /// The store was asked, and nobody knows what it did.
    #[error("nobody knows whether it happened")]
    InDoubt,
    /// The process is going away.
    #[error("this replica is stopping")]
    Stopping,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        let unavailable = |reason| Self::new(Kind::Unavailable, reason, error.to_string());
        let precondition = |reason| Self::new(Kind::Precondition, reason, error.to_string());
        match error {
            Error::RoomNotFound => Self::new(Kind::NotFound, "ROOM_NOT_FOUND", error.to_string()),
            Error::MessageNotFound => {
                Self::new(Kind::NotFound, "MESSAGE_NOT_FOUND", error.to_string())
            }
            Error::MemberNotFound => {
                Self::new(Kind::NotFound, "MEMBER_NOT_FOUND", error.to_string())
            }
            Error::MediaNotFound => Self::new(Kind::NotFound, "MEDIA_NOT_FOUND", error.to_string()),
            Error::TooManyUploads => {
                Self::new(Kind::Limited, "TOO_MANY_UPLOADS", error.to_string())
                    .retry_after(UPLOADS_WAIT)
            }
            Error::RoomFull => precondition("ROOM_FULL"),
            Error::NotAllowed(_) => Self::new(Kind::Forbidden, "NOT_ALLOWED", error.to_string()),
            Error::MessageDeleted => precondition("MESSAGE_DELETED"),
            Error::ReactionsFull => precondition("REACTIONS_FULL"),
            Error::PinsFull => precondition("PINS_FULL"),
            Error::SearchOff => Self::new(Kind::Forbidden, "SEARCH_OFF", error.to_string()),
            Error::Invalid(invalid) => Self::invalid(
                match invalid {
                    Invalid::Members(_) => "MEMBERS_INVALID",
                    Invalid::RoomName(_) => "ROOM_NAME_INVALID",
                    Invalid::Content(_) => "CONTENT_INVALID",
                    Invalid::Attachment(_) => "ATTACHMENT_INVALID",
                    Invalid::DeleteFor => "DELETE_FOR_INVALID",
                    Invalid::ImageUrl => "IMAGE_URL_INVALID",
                    Invalid::Retention => "RETENTION_INVALID",
                    Invalid::Emoji => "EMOJI_INVALID",
                    Invalid::Mentions => "MENTIONS_INVALID",
                    Invalid::MessageType => "MESSAGE_TYPE_INVALID",
                    Invalid::ClientMessageId => "CLIENT_MESSAGE_ID_INVALID",
                    Invalid::Cursor(_) => "CURSOR_INVALID",
                    Invalid::Limit(_) => "LIMIT_INVALID",
                    Invalid::Query(_) => "QUERY_INVALID",
                    Invalid::UserId => "USER_ID_INVALID",
                },
                invalid.to_string(),
            ),
            Error::LogBusy | Error::LogContended => unavailable("LOG_BUSY").retry_after(BUSY_WAIT),
            Error::Stopping => unavailable("STOPPING"),
            Error::Store(store) if store.is_in_doubt() => Self::from(&Error::InDoubt),
            Error::InDoubt => Self::new(
                Kind::Timeout,
                "DEADLINE_EXCEEDED",
                "the store did not answer in time",
            ),
            Error::Store(store) if store.is_passing() => Self::new(
                Kind::Unavailable,
                "STORE_UNAVAILABLE",
                "the store cannot be reached",
            ),
            Error::Store(_) => Self::new(
                Kind::Internal,
                "INTERNAL",
                "something went wrong on our side",
            ),
        }
    }
}
