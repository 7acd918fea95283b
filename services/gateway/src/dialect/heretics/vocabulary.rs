//! Heretics' words.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use confab_fault::Kind;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::json;

use super::view::MessageView;
use super::{event, http};
use crate::dialect::{A_DAY, Manner, Packet, Shows, TokenPlace, Told, Vocabulary};
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::socket::{Reply, Said};

/// The words of seed 002.
pub struct Heretics;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Typing<'a> {
    user_id: &'a str,
    chat_id: &'a str,
    is_typing: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    user_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Users<'a> {
    user_ids: &'a [String],
}

impl Vocabulary for Heretics {
    fn name(&self) -> &'static str {
        "heretics"
    }

    fn manner(&self) -> Manner {
        Manner {
            token: TokenPlace::Auth,
            external: true,
            shows: Shows::Edges,
            joins: false,
            at_once: true,
            names_read: false,
            stays: A_DAY,
            // Its clients say once that somebody types, and once that they have stopped.
            typing_lasts: Duration::from_secs(60),
        }
    }

    fn refuse(&self, why: &Error) -> &'static str {
        match why {
            Error::UserNotFound => "User not found!",
            _ => "Unauthorized",
        }
    }

    fn tell(&self, told: &Told<'_>) -> Vec<Packet> {
        let packet = match told {
            Told::Message {
                message,
                sender,
                links,
                ..
            } if message.rev == message.appended_rev && message.note.is_none() => {
                Packet::new("new-message", &MessageView::new(message, *sender, links))
            }
            Told::Typing {
                room,
                user,
                is_typing,
                ..
            } => {
                let (user_id, chat_id) = (&user.to_string(), &room.to_string());
                let is_typing = *is_typing;
                let typing = Typing {
                    user_id,
                    chat_id,
                    is_typing,
                };
                Packet::new("typing", &typing)
            }
            Told::Presence(presence) => {
                let event = if presence.online {
                    "user-online"
                } else {
                    "user-offline"
                };
                let user_id = &presence.user_id;
                Packet::new(event, &User { user_id })
            }
            Told::Online(user_ids) => Packet::new("online-users", &Users { user_ids }),
            _ => None,
        };
        packet.into_iter().collect()
    }

    fn hear<'a>(&'a self, said: Said<'a>) -> BoxFuture<'a, Option<&'static str>> {
        Box::pin(event::hear(said))
    }

    fn fail(&self, connection: Option<&Connection>, reply: Reply, error: Error) {
        let is_missing = match &error {
            Error::RoomNotFound => true,
            Error::Field { name, .. } => *name == "roomId",
            Error::Peer(fault) => fault.kind() == Kind::NotFound,
            _ => false,
        };
        let (event, message) = if is_missing {
            ("socket-error", "Chat not found")
        } else {
            tracing::debug!(%error, "an event was refused");
            ("error", "Failed to send message")
        };
        let failed = json!({ "message": message });
        match connection {
            Some(connection) if !reply.is_wanted() => connection.emit(event, &failed),
            connection => reply.say(connection, &json!({ "error": message })),
        }
    }

    fn routes(&self) -> Router<Arc<Gateway>> {
        http::routes()
    }

    fn document(&self) -> &'static str {
        include_str!("README.md")
    }
}
