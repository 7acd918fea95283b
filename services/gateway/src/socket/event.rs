//! The events that a client may send, one file each.

mod message_ack;
mod message_change;
mod message_readers;
mod message_search;
mod message_send;
mod presence_watch;
mod room_change;
mod room_sync;
mod session_renew;
mod typing;

use std::sync::Arc;
use std::time::Instant;

use serde_json::value::RawValue;
use socketioxide::extract::AckSender;
use tracing::Instrument as _;

use super::ack::Reply;
use super::frame::{Frame, payload};
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::message::change;
use crate::room;

/// An event that a client sent.
pub struct Said<'a> {
    /// Everything that it may need.
    pub gateway: &'a Gateway,
    /// Whose it is.
    pub connection: &'a Arc<Connection>,
    /// How it is called.
    pub name: &'a str,
    /// Its first argument.
    pub argument: Option<&'a RawValue>,
    /// Where the answer goes.
    pub reply: Reply,
}

/// Does what an event asks for, and answers it, in the words of the socket's dialect.
pub async fn handle(gateway: &Gateway, connection: &Arc<Connection>, frame: Frame, ack: AckSender) {
    let started = Instant::now();
    let reply = Reply::to(&frame, ack);
    let vocabulary = connection.dialect.vocabulary();
    let span = tracing::info_span!(
        target: "confab", "event", otel.name = tracing::field::Empty, otel.kind = "server",
        user.id = %connection.principal.user, connection.id = %connection.id,
    );
    let (name, argument) = match frame.read() {
        Ok(read) => read,
        Err(error) => {
            return span.in_scope(|| vocabulary.fail(Some(connection), reply, error));
        }
    };
    span.record("otel.name", name.as_str());
    let said = Said {
        gateway,
        connection,
        name: &name,
        argument,
        reply,
    };
    let known = vocabulary.hear(said).instrument(span).await;
    // A client's inventions must not become label values.
    let name = known.unwrap_or("unknown");
    metrics::histogram!("confab_gateway_event_duration_seconds", "event" => name)
        .record(started.elapsed().as_secs_f64());
}

/// The events of the native dialect. Answers the event's name if there is such an event.
pub async fn native(said: Said<'_>) -> Option<&'static str> {
    let Said {
        gateway,
        connection,
        name,
        argument,
        reply,
    } = said;
    match name {
        "message:send" => {
            match payload(argument) {
                Ok(command) => message_send::handle(gateway, connection, command, reply).await,
                Err(error) => reply.failed(connection, error),
            }
            Some("message:send")
        }
        "message:ack" => {
            match payload(argument) {
                Ok(command) => message_ack::handle(gateway, connection, command, reply).await,
                Err(error) => reply.failed(connection, error),
            }
            Some("message:ack")
        }
        "message:edit" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome = change::edit(gateway, &connection.principal, command).await;
                    message_change::answer(connection, outcome, reply);
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("message:edit")
        }
        "message:delete" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome = change::delete(gateway, &connection.principal, command).await;
                    message_change::answer(connection, outcome, reply);
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("message:delete")
        }
        "message:react" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome = change::react(gateway, &connection.principal, command).await;
                    message_change::answer(connection, outcome, reply);
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("message:react")
        }
        "message:pin" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome = change::pin(gateway, &connection.principal, command).await;
                    message_change::answer(connection, outcome, reply);
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("message:pin")
        }
        "room:update" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome =
                        room::change::update(gateway, &connection.principal, command).await;
                    room_change::answer(gateway, connection, outcome, reply).await;
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("room:update")
        }
        "room:add" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome = room::change::add(gateway, &connection.principal, command).await;
                    room_change::answer(gateway, connection, outcome, reply).await;
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("room:add")
        }
        "room:remove" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome =
                        room::change::remove(gateway, &connection.principal, command).await;
                    room_change::answer(gateway, connection, outcome, reply).await;
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("room:remove")
        }
        "room:leave" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome =
                        room::change::leave(gateway, &connection.principal, command).await;
                    room_change::answer(gateway, connection, outcome, reply).await;
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("room:leave")
        }
        "room:role" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome =
                        room::change::set_role(gateway, &connection.principal, command).await;
                    room_change::answer(gateway, connection, outcome, reply).await;
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("room:role")
        }
        "room:mute" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome = room::change::mute(gateway, &connection.principal, command).await;
                    room_change::answer(gateway, connection, outcome, reply).await;
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("room:mute")
        }
        "room:create" => {
            match payload(argument) {
                Ok(command) => {
                    let outcome =
                        room::create::create(gateway, &connection.principal, command).await;
                    let outcome = outcome.map(|created| Some(created.room));
                    room_change::answer(gateway, connection, outcome, reply).await;
                }
                Err(error) => reply.failed(connection, error),
            }
            Some("room:create")
        }
        "room:sync" => {
            match payload(argument) {
                Ok(command) => room_sync::handle(gateway, connection, command, reply).await,
                Err(error) => reply.failed(connection, error),
            }
            Some("room:sync")
        }
        "message:readers" => {
            match payload(argument) {
                Ok(command) => message_readers::handle(gateway, connection, command, reply).await,
                Err(error) => reply.failed(connection, error),
            }
            Some("message:readers")
        }
        "message:search" => {
            match payload(argument) {
                Ok(command) => message_search::handle(gateway, connection, command, reply).await,
                Err(error) => reply.failed(connection, error),
            }
            Some("message:search")
        }
        "typing" => {
            match payload(argument) {
                Ok(command) => typing::handle(gateway, connection, command, reply),
                Err(error) => reply.failed(connection, error),
            }
            Some("typing")
        }
        "presence:watch" => {
            match payload(argument) {
                Ok(command) => presence_watch::watch(gateway, connection, command, reply).await,
                Err(error) => reply.failed(connection, error),
            }
            Some("presence:watch")
        }
        "presence:unwatch" => {
            match payload(argument) {
                Ok(command) => presence_watch::unwatch(gateway, connection, command, reply),
                Err(error) => reply.failed(connection, error),
            }
            Some("presence:unwatch")
        }
        "session:renew" => {
            match payload(argument) {
                Ok(command) => session_renew::handle(gateway, connection, command, reply).await,
                Err(error) => reply.failed(connection, error),
            }
            Some("session:renew")
        }
        other => {
            // The name goes back to its sender alone, and no further than a screen is wide.
            let name = other.chars().take(64).collect();
            reply.failed(connection, Error::EventUnknown(name));
            None
        }
    }
}
