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
use crate::rate_limit::{Budget, Subject};
use crate::room;

/// Does what an event asks for, and answers it.
pub async fn handle(gateway: &Gateway, connection: &Arc<Connection>, frame: Frame, ack: AckSender) {
    let started = Instant::now();
    let reply = Reply::to(&frame, ack);
    let span = tracing::info_span!(
        target: "confab", "event", otel.name = tracing::field::Empty, otel.kind = "server",
        user.id = %connection.principal.user, connection.id = %connection.id,
    );
    let read = frame.read();
    let name = read.as_ref().map_or("", |(name, _)| name);
    span.record("otel.name", name);
    // One round trip for all that it is charged with.
    let subject = Subject::User(connection.principal.user);
    let charged = gateway.limits.charge(subject, Budget::of_event(name));
    if let Err(exhausted) = charged.instrument(span.clone()).await {
        return span.in_scope(|| reply.failed(connection, exhausted.into()));
    }
    let (name, argument) = match read {
        Ok(read) => read,
        Err(error) => return span.in_scope(|| reply.failed(connection, error)),
    };
    let known = dispatch(gateway, connection, &name, argument, reply)
        .instrument(span)
        .await;
    // A client's inventions must not become label values.
    let name = known.unwrap_or("unknown");
    metrics::histogram!("confab_gateway_event_duration_seconds", "event" => name)
        .record(started.elapsed().as_secs_f64());
}

/// Answers the event's name if there is such an event.
async fn dispatch(
    gateway: &Gateway,
    connection: &Arc<Connection>,
    name: &str,
    argument: Option<&RawValue>,
    reply: Reply,
) -> Option<&'static str> {
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
                Ok(command) => typing::handle(gateway, connection, command, reply).await,
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
