//! The closed list of failures, and its one-to-one table to gRPC codes.

use tonic::Code;

/// What sort of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request is wrong in itself: repeating it is pointless.
    Invalid,
    /// Nobody is logged in, or no longer.
    Unauthenticated,
    /// The caller may not do this.
    Forbidden,
    /// There is no such thing, or the caller may not know of it.
    NotFound,
    /// There is such a thing already.
    Exists,
    /// The thing is not in a state in which this can be done.
    Precondition,
    /// Too much, too fast: come back after a while.
    Limited,
    /// Nobody knows whether it happened: repeat only what is idempotent.
    Timeout,
    /// It did not happen, and may if repeated with backoff.
    Unavailable,
    /// A defect of ours.
    Internal,
}

impl Kind {
    /// All kinds, in the order of the list.
    pub const ALL: [Self; 10] = [
        Self::Invalid,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::Exists,
        Self::Precondition,
        Self::Limited,
        Self::Timeout,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The gRPC code of this kind.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Invalid => Code::InvalidArgument,
            Self::Unauthenticated => Code::Unauthenticated,
            Self::Forbidden => Code::PermissionDenied,
            Self::NotFound => Code::NotFound,
            Self::Exists => Code::AlreadyExists,
            Self::Precondition => Code::FailedPrecondition,
            Self::Limited => Code::ResourceExhausted,
            Self::Timeout => Code::DeadlineExceeded,
            Self::Unavailable => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }

    /// The kind of a gRPC code; what is outside the table is a defect of ours.
    #[must_use]
    pub const fn from_code(code: Code) -> Self {
        match code {
            Code::InvalidArgument => Self::Invalid,
            Code::Unauthenticated => Self::Unauthenticated,
            Code::PermissionDenied => Self::Forbidden,
            Code::NotFound => Self::NotFound,
            Code::AlreadyExists => Self::Exists,
            Code::FailedPrecondition => Self::Precondition,
            Code::ResourceExhausted => Self::Limited,
            Code::DeadlineExceeded | Code::Cancelled => Self::Timeout,
            Code::Unavailable => Self::Unavailable,
            _ => Self::Internal,
        }
    }
}
