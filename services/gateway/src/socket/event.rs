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

use self::presence_watch::Watch;
use self::typing::SetTyping;
use super::ack::Reply;
use super::asyncapi::{ClientEvent, Described};
use super::frame::{Frame, payload};
use crate::cursor::advance::AdvanceCursor;
use crate::dialect::native::{CursorView, FoundPage, ReaderPage};
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::message::change::{self, DeleteMessage, EditMessage, PinMessage, ReactToMessage};
use crate::message::readers::ListReaders;
use crate::message::search::SearchMessages;
use crate::message::send::SendMessage;
use crate::rate_limit::{Budget, Subject};
use crate::room;
use crate::room::change::{AddMembers, LeaveRoom, MuteRoom, RemoveMember, SetRole, UpdateRoom};
use crate::room::create::CreateRoom;
use crate::room::sync::SyncRooms;
use crate::session::renew::RenewSession;

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
    let read = frame.read();
    let name = read.as_ref().map_or("", |(name, _)| name);
    span.record("otel.name", name);
    // One round trip for all that it is charged with.
    let subject = Subject::User(connection.principal.user);
    let charged = gateway.limits.charge(subject, Budget::of_event(name));
    if let Err(exhausted) = charged.instrument(span.clone()).await {
        return span.in_scope(|| vocabulary.fail(Some(connection), reply, exhausted.into()));
    }
    let (name, argument) = match read {
        Ok(read) => read,
        Err(error) => {
            return span.in_scope(|| vocabulary.fail(Some(connection), reply, error));
        }
    };
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
    dispatch(gateway, connection, name, argument, reply).await
}

/// The one table of events, from which come both what is done and what is documented. An event answers
/// its name, if there is such an event.
macro_rules! events {
    ($gateway:ident, $connection:ident, $command:ident, $reply:ident; $(
        $(#[doc = $about:literal])+
        $name:literal ($payload:ty) -> $answer:ty { $($does:tt)+ }
    )+) => {
        async fn dispatch(
            $gateway: &Gateway,
            $connection: &Arc<Connection>,
            name: &str,
            argument: Option<&RawValue>,
            $reply: Reply,
        ) -> Option<&'static str> {
            match name {
                $($name => {
                    match payload::<$payload>(argument) {
                        Ok($command) => { $($does)+ }
                        Err(error) => $reply.failed($connection, error),
                    }
                    Some($name)
                })+
                other => {
                    // The name goes back to its sender alone, and no further than a screen is wide.
                    let name = other.chars().take(64).collect();
                    $reply.failed($connection, Error::EventUnknown(name));
                    None
                }
            }
        }

        /// What a client may say, and how it is answered.
        pub fn contract() -> Vec<ClientEvent> {
            vec![$(ClientEvent {
                name: $name,
                about: concat!($($about),+).trim_start(),
                payload: Described::of::<$payload>(),
                answer: Described::of::<$answer>(),
            }),+]
        }
    };
}

events! { gateway, connection, command, reply;
    /// Sends a message into a room, or to a user. Acknowledged when it is durable; a repeat
    /// with the same `clientMessageId` is the same message.
    "message:send" (SendMessage) -> message_send::Answer<'_> {
        message_send::handle(gateway, connection, command, reply).await;
    }
    /// Says how far one has received or read a room: up to a `seq` or a `messageId`.
    "message:ack" (AdvanceCursor) -> CursorView<'_> {
        message_ack::handle(gateway, connection, command, reply).await;
    }
    /// Changes what one's message says.
    "message:edit" (EditMessage) -> message_change::Answer<'_> {
        let outcome = change::edit(gateway, &connection.principal, command).await;
        message_change::answer(connection, outcome, reply);
    }
    /// Deletes a message for everyone, or for oneself.
    "message:delete" (DeleteMessage) -> message_change::Answer<'_> {
        let outcome = change::delete(gateway, &connection.principal, command).await;
        message_change::answer(connection, outcome, reply);
    }
    /// Reacts to a message, or takes that back.
    "message:react" (ReactToMessage) -> message_change::Answer<'_> {
        let outcome = change::react(gateway, &connection.principal, command).await;
        message_change::answer(connection, outcome, reply);
    }
    /// Pins a message, or takes it off. In a group the owner and admins may.
    "message:pin" (PinMessage) -> message_change::Answer<'_> {
        let outcome = change::pin(gateway, &connection.principal, command).await;
        message_change::answer(connection, outcome, reply);
    }
    /// Asks who has received and read a message, and when.
    "message:readers" (ListReaders) -> ReaderPage<'_> {
        message_readers::handle(gateway, connection, command, reply).await;
    }
    /// Finds messages in one's rooms by what they say, the newest first.
    "message:search" (SearchMessages) -> FoundPage<'_> {
        message_search::handle(gateway, connection, command, reply).await;
    }
    /// Makes a group, or gets or makes the one room of two.
    "room:create" (CreateRoom) -> room_change::Answer<'_> {
        let outcome = room::create::create(gateway, &connection.principal, command).await;
        let outcome = outcome.map(|created| Some(created.room));
        room_change::answer(gateway, connection, outcome, reply).await;
    }
    /// Changes a room's name or image; what is absent stays. The owner and admins may.
    "room:update" (UpdateRoom) -> room_change::Answer<'_> {
        let outcome = room::change::update(gateway, &connection.principal, command).await;
        room_change::answer(gateway, connection, outcome, reply).await;
    }
    /// Adds people to a group. The owner and admins may.
    "room:add" (AddMembers) -> room_change::Answer<'_> {
        let outcome = room::change::add(gateway, &connection.principal, command).await;
        room_change::answer(gateway, connection, outcome, reply).await;
    }
    /// Takes somebody out of a group. The owner may, and admins those who are neither.
    "room:remove" (RemoveMember) -> room_change::Answer<'_> {
        let outcome = room::change::remove(gateway, &connection.principal, command).await;
        room_change::answer(gateway, connection, outcome, reply).await;
    }
    /// Leaves a group.
    "room:leave" (LeaveRoom) -> room_change::Answer<'_> {
        let outcome = room::change::leave(gateway, &connection.principal, command).await;
        room_change::answer(gateway, connection, outcome, reply).await;
    }
    /// Gives a member a role. The owner may.
    "room:role" (SetRole) -> room_change::Answer<'_> {
        let outcome = room::change::set_role(gateway, &connection.principal, command).await;
        room_change::answer(gateway, connection, outcome, reply).await;
    }
    /// Mutes a room for oneself, or no longer.
    "room:mute" (MuteRoom) -> room_change::Answer<'_> {
        let outcome = room::change::mute(gateway, &connection.principal, command).await;
        room_change::answer(gateway, connection, outcome, reply).await;
    }
    /// Asks what changed in rooms since the client was last here.
    "room:sync" (SyncRooms) -> room_sync::Answer<'_> {
        room_sync::handle(gateway, connection, command, reply).await;
    }
    /// Says that one types, again while one goes on, or does no longer.
    "typing" (SetTyping) -> typing::Answer {
        typing::handle(gateway, connection, command, reply).await;
    }
    /// Asks who is online, and to be told of every change from now on.
    "presence:watch" (Watch) -> presence_watch::Answer {
        presence_watch::watch(gateway, connection, command, reply).await;
    }
    /// Asks to be told no more of these users.
    "presence:unwatch" (Watch) -> presence_watch::Answer {
        presence_watch::unwatch(gateway, connection, command, reply);
    }
    /// Goes on with a newer access token of the same session.
    "session:renew" (RenewSession) -> session_renew::Answer {
        session_renew::handle(gateway, connection, command, reply).await;
    }
}
