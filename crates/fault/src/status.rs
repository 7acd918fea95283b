//! Faults on the wire: a gRPC status with `ErrorInfo` (the reason) and `RetryInfo` (when to come back).

use std::collections::HashMap;

use tonic::Status;
use tonic_types::{ErrorDetails, StatusExt};

use crate::{Fault, Kind};

/// The domain of all reasons, so that a peer can tell ours from a proxy's.
const DOMAIN: &str = "confab";

impl From<Fault> for Status {
    fn from(fault: Fault) -> Self {
        let mut details = ErrorDetails::with_error_info(&*fault.reason, DOMAIN, HashMap::new());
        if let Some(wait) = fault.retry_after {
            details.set_retry_info(Some(wait));
        }
        Self::with_error_details(fault.kind.code(), &*fault.detail, details)
    }
}

impl From<Status> for Fault {
    /// A status without our `ErrorInfo` comes from the transport or a proxy: its text is for operators
    /// and stays here.
    fn from(status: Status) -> Self {
        let kind = Kind::from_code(status.code());
        let details = status.get_error_details();
        let wait = details.retry_info().and_then(|info| info.retry_delay);
        let fault = match details.error_info().filter(|info| info.domain == DOMAIN) {
            Some(info) => Self::new(kind, info.reason.clone(), status.message().to_owned()),
            None => match kind {
                Kind::Timeout => Self::new(kind, "DEADLINE_EXCEEDED", "it took too long"),
                Kind::Unavailable => {
                    Self::new(kind, "UNAVAILABLE", "a part of the service is unavailable")
                }
                _ => Self::new(
                    Kind::Internal,
                    "INTERNAL",
                    "something went wrong on our side",
                ),
            },
        };
        match wait {
            Some(wait) => fault.retry_after(wait),
            None => fault,
        }
    }
}
