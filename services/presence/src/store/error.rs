//! What can go wrong with Redis, in two words: it is not there, or it is not what we think it is.

use fred::error::{Error, ErrorKind};

/// Why Redis did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, does not answer in time, or cannot serve now. Nobody knows whether the
    /// command was carried out.
    #[error("redis cannot be reached: {0}")]
    Unavailable(#[source] Error),
    /// It answered what it must not: a defect of ours, or foreign data under our keys.
    #[error("redis refused: {0}")]
    Refused(#[source] Error),
}

/// What Redis says when it is alive and cannot serve: it starts, it is a replica after a failover, its
/// disk or memory is full, another script runs too long. Older releases wrap it in a script's error.
const PASSING: [&str; 9] = [
    "LOADING",
    "READONLY",
    "MASTERDOWN",
    "MISCONF",
    "OOM",
    "BUSY",
    "NOREPLICAS",
    "CLUSTERDOWN",
    "TRYAGAIN",
];

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let passing = match error.kind() {
            ErrorKind::IO
            | ErrorKind::Timeout
            | ErrorKind::Canceled
            | ErrorKind::Routing
            | ErrorKind::Auth
            | ErrorKind::Tls
            | ErrorKind::Cluster
            | ErrorKind::Sentinel
            | ErrorKind::Backpressure => true,
            // Either fred's, about a connection that has just ended, or Redis' own words.
            ErrorKind::Unknown => {
                !error.details().starts_with("ERR")
                    || PASSING.iter().any(|word| error.details().contains(word))
            }
            ErrorKind::Config
            | ErrorKind::InvalidCommand
            | ErrorKind::InvalidArgument
            | ErrorKind::Url
            | ErrorKind::Protocol
            | ErrorKind::Parse
            | ErrorKind::NotFound => false,
        };
        if passing {
            Self::Unavailable(error)
        } else {
            Self::Refused(error)
        }
    }
}

#[cfg(test)]
mod tests;
