//! Answers to events: the only table from faults to acknowledgements.

use confab_chassis::trace;
use confab_fault::{Fault, Kind};
use serde::Serialize;
use socketioxide::extract::AckSender;
use utoipa::ToSchema;

use super::frame::Frame;
use super::told;
use crate::error::Error;
use crate::fanout::Connection;

/// Where the answer to one event goes.
pub struct Reply {
    sender: AckSender,
    wanted: bool,
}

#[derive(Serialize)]
struct Done<T> {
    ok: bool,
    #[serde(flatten)]
    body: T,
}

#[derive(Serialize)]
struct Failed<'a> {
    ok: bool,
    error: Failure<'a>,
}

/// What a client is told when something was not done.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Failure<'a> {
    #[schema(example = "ROOM_NOT_FOUND", pattern = "^[A-Z][A-Z0-9_]*$")]
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u64)]
    retry_after_ms: Option<u64>,
    trace_id: String,
}

impl<'a> Failure<'a> {
    /// What a client is told of a fault.
    pub fn of(fault: &'a Fault) -> Self {
        let millis = |wait: std::time::Duration| u64::try_from(wait.as_millis()).ok();
        Self {
            code: fault.reason(),
            message: fault.detail(),
            retry_after_ms: fault.wait().and_then(millis),
            trace_id: trace::trace_id(),
        }
    }
}

impl Reply {
    /// The answer to an event.
    pub const fn to(event: &Frame, sender: AckSender) -> Self {
        Self {
            sender,
            wanted: event.wants_ack,
        }
    }

    /// Whether the client asked for an acknowledgement.
    pub const fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Answers with these words, if an answer is wanted. Without a connection the socket is not ready yet.
    pub fn say<T: Serialize>(self, connection: Option<&Connection>, answer: &T) {
        match connection {
            _ if !self.wanted => {}
            Some(connection) => self.send(connection, answer),
            // Fails only if the socket is gone or full; either way its client comes back.
            None => drop(self.sender.send(answer)),
        }
    }

    /// It was done.
    pub fn done<T: Serialize>(self, connection: &Connection, body: T) {
        self.send(connection, &Done { ok: true, body });
    }

    /// It was not done. Without an acknowledgement the client hears of it by an event.
    pub fn failed(self, connection: &Connection, error: Error) {
        if matches!(&error, Error::Peer(fault) if fault.kind() == Kind::Internal) {
            tracing::error!(%error, connection.id = %connection.id, "an event failed");
        } else {
            tracing::debug!(%error, connection.id = %connection.id, "an event was refused");
        }
        let fault = Fault::from(error);
        let failure = Failure::of(&fault);
        if self.wanted {
            self.send(
                connection,
                &Failed {
                    ok: false,
                    error: failure,
                },
            );
        } else if fault.kind() == Kind::Limited {
            connection.emit(told::ERROR_RATE_LIMITED, &failure);
        } else {
            connection.emit(told::ERROR, &failure);
        }
    }

    /// It was not done, and the socket is not ready to hear of it in any other way.
    pub fn failed_early(self, error: Error) {
        let fault = Fault::from(error);
        // Fails only if the socket is gone or full; either way its client comes back.
        let _ = self.sender.send(&Failed {
            ok: false,
            error: Failure::of(&fault),
        });
    }

    fn send<T: Serialize>(self, connection: &Connection, answer: &T) {
        // A full buffer: the client must learn that it lost the answer, so it loses its transport.
        if self.sender.send(answer).is_err() {
            connection.cut();
        }
    }
}
