//! What can go wrong with uploads.

use std::time::Duration;

use confab_fault::{Fault, Kind};

/// In which an upload or a download ends.
const BUSY_WAIT: Duration = Duration::from_secs(2);

/// Why an upload was not taken, or is not given.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("uploads are switched off")]
    Off,
    #[error("there is no such upload")]
    NotFound,
    #[error("an upload has at most {0} bytes")]
    TooLarge(u64),
    #[error("an upload has a byte or more")]
    Empty,
    #[error("{0} is not among what may be uploaded")]
    TypeNotAllowed(String),
    #[error("it says that it is {declared}, and is {found}")]
    TypeMismatch { declared: String, found: String },
    #[error("the image cannot be read: {0}")]
    Unreadable(String),
    #[error("the image has more than 50 million pixels")]
    TooManyPixels,
    #[error("nothing came for too long")]
    Stalled,
    #[error("the upload broke off: {0}")]
    BrokenOff(String),
    #[error("{announced} bytes were announced, and {came} came")]
    SizeMismatch { announced: u64, came: u64 },
    #[error("nothing was uploaded yet")]
    Missing,
    #[error("the upload is complete already")]
    NotPending,
    #[error("too many uploads or downloads at once")]
    Busy,
    #[error("the address is not signed, or no longer good")]
    SignatureInvalid,
    #[error("the object store did not answer in {0:?}")]
    StoreTookTooLong(Duration),
    #[error("the object store failed")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<&MediaError> for Fault {
    fn from(error: &MediaError) -> Self {
        let detail = error.to_string();
        let invalid = |reason| Self::new(Kind::Invalid, reason, detail.clone());
        match error {
            MediaError::Off => Self::new(Kind::Forbidden, "UPLOADS_OFF", detail),
            MediaError::NotFound => Self::new(Kind::NotFound, "MEDIA_NOT_FOUND", detail),
            MediaError::TooLarge(_) => invalid("MEDIA_TOO_LARGE"),
            MediaError::Empty => invalid("MEDIA_EMPTY"),
            MediaError::TypeNotAllowed(_) => invalid("MEDIA_TYPE_NOT_ALLOWED"),
            MediaError::TypeMismatch { .. } => invalid("MEDIA_TYPE_MISMATCH"),
            MediaError::Unreadable(_) => invalid("IMAGE_UNREADABLE"),
            MediaError::TooManyPixels => invalid("IMAGE_TOO_LARGE"),
            MediaError::Stalled => invalid("UPLOAD_STALLED"),
            MediaError::BrokenOff(_) => invalid("UPLOAD_BROKEN_OFF"),
            MediaError::SizeMismatch { .. } => invalid("MEDIA_SIZE_MISMATCH"),
            MediaError::Missing => Self::new(Kind::Precondition, "UPLOAD_MISSING", detail),
            MediaError::NotPending => Self::new(Kind::Precondition, "UPLOAD_COMPLETE", detail),
            MediaError::Busy => {
                Self::new(Kind::Unavailable, "MEDIA_BUSY", detail).retry_after(BUSY_WAIT)
            }
            MediaError::SignatureInvalid => {
                Self::new(Kind::Unauthenticated, "SIGNATURE_INVALID", detail)
            }
            MediaError::StoreTookTooLong(_) | MediaError::Store(_) => Self::new(
                Kind::Unavailable,
                "MEDIA_STORE_UNAVAILABLE",
                "the object store cannot be reached",
            )
            .retry_after(BUSY_WAIT),
        }
    }
}
