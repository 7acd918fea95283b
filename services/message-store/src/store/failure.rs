//! What can go wrong with the store, and whether it may pass.

use std::io;
use std::time::Duration;

use mongodb::error::{Error, ErrorKind, RETRYABLE_WRITE_ERROR, WriteFailure};

/// The code of a document that a unique index refused.
const DUPLICATE_KEY: i32 = 11_000;

#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Nobody knows whether it happened.
    #[error("the store did not answer in {0:?}")]
    TookTooLong(Duration),
    /// Nothing was tried.
    #[error("the store has been away for a while")]
    Away,
    #[error("the store failed")]
    Failed(#[source] Box<Error>),
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl StoreError {
    /// Whether the same may succeed in a while: the store is away, or changes its leader.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::TookTooLong(_) | Self::Away => true,
            Self::Failed(error) => {
                error.contains_label(RETRYABLE_WRITE_ERROR)
                    || match &*error.kind {
                        ErrorKind::Io(_)
                        | ErrorKind::ConnectionPoolCleared { .. }
                        | ErrorKind::DnsResolve { .. }
                        | ErrorKind::ServerSelection { .. }
                        | ErrorKind::Shutdown
                        | ErrorKind::Write(WriteFailure::WriteConcernError(_)) => true,
                        ErrorKind::InsertMany(many) => many.write_concern_error.is_some(),
                        ErrorKind::Command(command) => is_passing_code(command.code),
                        _ => false,
                    }
            }
        }
    }

    /// Whether it may have happened all the same: it was asked for, and no answer came.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        match self {
            Self::TookTooLong(_) => true,
            Self::Away => false,
            Self::Failed(error) => match &*error.kind {
                ErrorKind::Io(cause) => cause.kind() != io::ErrorKind::ConnectionRefused,
                ErrorKind::Write(WriteFailure::WriteConcernError(_)) => true,
                ErrorKind::InsertMany(many) => many.write_concern_error.is_some(),
                _ => false,
            },
        }
    }

    /// Whether nothing came back, so that it may be away.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::TookTooLong(_) | Self::Away => true,
            Self::Failed(error) => matches!(
                &*error.kind,
                ErrorKind::Io(_)
                    | ErrorKind::ConnectionPoolCleared { .. }
                    | ErrorKind::DnsResolve { .. }
                    | ErrorKind::ServerSelection { .. }
            ),
        }
    }

    /// Whether a unique index refused a single document.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Failed(error) if matches!(
            &*error.kind,
            ErrorKind::Write(WriteFailure::WriteError(write)) if write.code == DUPLICATE_KEY
        ))
    }

    /// Where an ordered insert stopped because a unique index refused a document, if that and nothing
    /// else went wrong: then all documents before are durable and none after was written.
    #[must_use]
    pub fn first_duplicate(&self) -> Option<usize> {
        let Self::Failed(error) = self else {
            return None;
        };
        let ErrorKind::InsertMany(many) = &*error.kind else {
            return None;
        };
        if many.write_concern_error.is_some() {
            return None;
        }
        match many.write_errors.as_deref() {
            Some([error]) if error.code == DUPLICATE_KEY => Some(error.index),
            _ => None,
        }
    }

    /// Whether an unordered insert failed only for documents that are there already.
    #[must_use]
    pub fn only_duplicates(&self) -> bool {
        let Self::Failed(error) = self else {
            return false;
        };
        let ErrorKind::InsertMany(many) = &*error.kind else {
            return false;
        };
        many.write_concern_error.is_none()
            && many
                .write_errors
                .iter()
                .flatten()
                .all(|error| error.code == DUPLICATE_KEY)
    }
}

/// The codes by which a server says that it is going away, is not (or no longer) the leader, or had
/// to give up waiting.
fn is_passing_code(code: i32) -> bool {
    matches!(
        code,
        6 | 7
            | 50
            | 64
            | 89
            | 91
            | 112
            | 134
            | 189
            | 202
            | 262
            | 9001
            | 10_058
            | 10_107
            | 11_600
            | 11_602
            | 13_435
            | 13_436
    )
}

/// An error with all its causes, for a log line.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}
