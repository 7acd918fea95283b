//! Answers to events: the only table from faults to acknowledgements.

use confab_chassis::trace;
use confab_fault::{Fault, Kind};
use serde::Serialize;
use socketioxide::extract::AckSender;

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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
    trace_id: String,
}

impl Reply {
    /// An answer that the client wants, or not.
    pub const fn new(sender: AckSender, wanted: bool) -> Self {
        Self { sender, wanted }
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
        let failure = Failure {
            code: fault.reason(),
            message: fault.detail(),
            retry_after_ms: fault
                .wait()
                .and_then(|wait| u64::try_from(wait.as_millis()).ok()),
            trace_id: trace::trace_id(),
        };
        if self.wanted {
            self.send(
                connection,
                &Failed {
                    ok: false,
                    error: failure,
                },
            );
        } else if fault.kind() == Kind::Limited {
            connection.emit("error:rate_limited", &failure);
        } else {
            connection.emit("error", &failure);
        }
    }

    fn send<T: Serialize>(self, connection: &Connection, answer: &T) {
        // A full buffer: the client must learn that it lost the answer, so it loses its transport.
        if self.sender.send(answer).is_err() {
            connection.cut();
        }
    }
}
