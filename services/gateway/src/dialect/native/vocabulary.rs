//! The native dialect's words.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use confab_ids::UserId;
use confab_proto::message::Message;
use futures_util::future::BoxFuture;

use super::message_parts::HiddenView;
use super::room_change::RoomChangeView;
use super::welcome::{DrainingView, ExpiredView, ReadyView, RevokedView};
use super::{CursorView, MessageView, RoomView, TypingView};
use crate::dialect::{Manner, Packet, Shows, TokenPlace, Told, Vocabulary};
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::http;
use crate::socket::{Reply, Said, native_event, told};

/// Confab's own words.
pub struct Native;

impl Vocabulary for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    fn manner(&self) -> Manner {
        Manner {
            token: TokenPlace::Anywhere,
            external: false,
            shows: Shows::Asked,
            joins: false,
            at_once: false,
            names_read: false,
            stays: Duration::ZERO,
            // Twice the time after which a client that goes on typing says so again, with something for
            // the way.
            typing_lasts: Duration::from_secs(6),
        }
    }

    fn refuse(&self, _: &Error) -> &'static str {
        // The words that clients know. Why exactly is for the log: a client can only ask its user to log in.
        "Authentication error"
    }

    fn tell(&self, news: &Told<'_>) -> Vec<Packet> {
        let packet = match news {
            Told::Message {
                message, sender, ..
            } => {
                let view = MessageView::new(message, *sender);
                let is_new = message.rev == message.appended_rev;
                let event = if is_new {
                    told::MESSAGE_RECEIVE
                } else {
                    told::MESSAGE_UPDATED
                };
                let change = is_new.then(|| change(message)).flatten();
                return Packet::new(event, &view)
                    .into_iter()
                    .chain(change)
                    .collect();
            }
            Told::Hidden(hidden, rev) => {
                let view = HiddenView::new(hidden, *rev);
                let user: Option<UserId> = hidden.user_id.parse().ok();
                let packet = Packet::new(told::MESSAGE_HIDDEN, &view);
                packet.zip(user).map(|(packet, user)| packet.only(user))
            }
            Told::Cursor(cursor) => Packet::new(told::MESSAGE_STATUS, &CursorView::from(*cursor)),
            Told::Typing {
                room,
                user,
                is_typing,
                ..
            } => {
                let (room_id, user_id) = (&room.to_string(), &user.to_string());
                let is_typing = *is_typing;
                let view = TypingView {
                    room_id,
                    user_id,
                    is_typing,
                };
                Packet::new(told::TYPING, &view)
            }
            Told::Presence(view) => Packet::new(told::PRESENCE, view),
            Told::Room { room, senders } => {
                Packet::new(told::ROOM_CREATED, &RoomView::new(room, senders))
            }
            Told::Welcome(welcome) => Packet::new(told::READY, &ReadyView::from(*welcome)),
            Told::SessionRevoked { session } => {
                let session_id = session;
                Packet::new(told::SESSION_REVOKED, &RevokedView { session_id })
            }
            Told::SessionExpired { closes_in_ms } => {
                let closes_in_ms = *closes_in_ms;
                Packet::new(told::SESSION_EXPIRED, &ExpiredView { closes_in_ms })
            }
            Told::Draining { reconnect_in_ms } => {
                let reconnect_in_ms = *reconnect_in_ms;
                Packet::new(told::SERVER_DRAINING, &DrainingView { reconnect_in_ms })
            }
            Told::Read { .. } | Told::Online(_) => None,
        };
        packet.into_iter().collect()
    }

    fn hear<'a>(&'a self, said: Said<'a>) -> BoxFuture<'a, Option<&'static str>> {
        Box::pin(native_event(said))
    }

    fn fail(&self, connection: Option<&Connection>, reply: Reply, error: Error) {
        match connection {
            Some(connection) => reply.failed(connection, error),
            None => reply.failed_early(error),
        }
    }

    fn routes(&self) -> Router<Arc<Gateway>> {
        http::native()
    }

    fn document(&self) -> &'static str {
        include_str!("README.md")
    }
}

/// What a message of the system says of the room itself, in an event of its own.
fn change(message: &Message) -> Option<Packet> {
    let note = message.note.as_ref()?;
    match RoomChangeView::new(message, note) {
        RoomChangeView::Updated(view) => Packet::new(told::ROOM_UPDATED, &view),
        RoomChangeView::Member(view) => Packet::new(told::ROOM_MEMBER, &view),
    }
}
