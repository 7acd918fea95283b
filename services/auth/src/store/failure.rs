//! What the failures of the driver mean to a caller.

use std::io;

use mongodb::error::{Error, ErrorKind, WriteFailure};

/// A unique index has such an entry already.
const DUPLICATE_KEY: i32 = 11_000;
/// The server gave up on a time limit.
const MAX_TIME_EXPIRED: i32 = 50;
/// Not the primary, or about to be it no longer: nothing was done, and another server will do it.
const WRONG_SERVER: [i32; 8] = [91, 189, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436];

/// A call to the database failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("MongoDB did not answer in time, or the answer was lost")]
    Timeout(#[source] Option<Error>),
    #[error("MongoDB cannot be reached")]
    Unavailable(#[source] Option<Error>),
    #[error("MongoDB refused")]
    Broken(#[source] Error),
}

impl From<Error> for StoreError {
    /// `Unavailable` promises that nothing happened; where that is not known it is a `Timeout`.
    fn from(error: Error) -> Self {
        match &*error.kind {
            ErrorKind::ServerSelection { .. }
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::DnsResolve { .. }
            | ErrorKind::Shutdown => Self::Unavailable(Some(error)),
            ErrorKind::Io(cause) if cause.kind() == io::ErrorKind::ConnectionRefused => {
                Self::Unavailable(Some(error))
            }
            ErrorKind::Command(refusal) if WRONG_SERVER.contains(&refusal.code) => {
                Self::Unavailable(Some(error))
            }
            ErrorKind::Command(refusal) if refusal.code == MAX_TIME_EXPIRED => {
                Self::Timeout(Some(error))
            }
            ErrorKind::Io(_) | ErrorKind::Write(WriteFailure::WriteConcernError(_)) => {
                Self::Timeout(Some(error))
            }
            _ => Self::Broken(error),
        }
    }
}

/// What the server says about an entry that a unique index has already; nothing if it is another error.
pub fn duplicate(error: &StoreError) -> Option<&str> {
    let StoreError::Broken(error) = error else {
        return None;
    };
    match &*error.kind {
        ErrorKind::Write(WriteFailure::WriteError(refusal)) if refusal.code == DUPLICATE_KEY => {
            Some(&refusal.message)
        }
        _ => None,
    }
}
