//! Daylog's words.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use confab_fault::Fault;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::json;

use super::view::{MessageView, other};
use super::{event, http};
use crate::dialect::native::rfc3339;
use crate::dialect::{Manner, Packet, Shows, TokenPlace, Told, Vocabulary};
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::socket::{Reply, Said};

/// The words of seed 003.
pub struct Daylog;

#[derive(Serialize)]
struct NewMessage<'a> {
    message: MessageView<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Read<'a> {
    reader_id: &'a str,
    sender_id: String,
    read_at: Option<String>,
    message_ids: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    user_id: &'a str,
}

impl Vocabulary for Daylog {
    fn name(&self) -> &'static str {
        "daylog"
    }

    fn manner(&self) -> Manner {
        Manner {
            token: TokenPlace::Auth,
            external: false,
            shows: Shows::Edges,
            joins: false,
            at_once: true,
            names_read: true,
            stays: Duration::ZERO,
            // Its clients say once that somebody types, and once that they have stopped.
            typing_lasts: Duration::from_secs(60),
        }
    }

    fn refuse(&self, why: &Error) -> &'static str {
        match why {
            Error::TokenMissing => "Unauthorized: no access token",
            Error::UserNotFound => "Unauthorized: user not found",
            _ => "Unauthorized: invalid or expired access token",
        }
    }

    fn tell(&self, told: &Told<'_>) -> Vec<Packet> {
        let packet = match told {
            Told::Message {
                message,
                pair: Some(pair),
                ..
            } if message.rev == message.appended_rev && message.note.is_none() => {
                other(*pair, &message.from).and_then(|receiver| {
                    let message = MessageView::new(message, receiver, None);
                    Packet::new("new_message", &NewMessage { message })
                })
            }
            Told::Read {
                cursor,
                messages,
                pair: Some(pair),
            } => other(*pair, &cursor.user_id).and_then(|sender| {
                let read = Read {
                    reader_id: &cursor.user_id,
                    sender_id: sender.to_string(),
                    read_at: rfc3339(cursor.at_ms),
                    message_ids: messages,
                };
                Packet::new("messages_read", &read)
            }),
            Told::Typing {
                user,
                is_typing,
                pair: Some(_),
                ..
            } => {
                let event = if *is_typing {
                    "user_typing"
                } else {
                    "user_stop_typing"
                };
                let user_id = &user.to_string();
                Packet::new(event, &User { user_id })
            }
            Told::Presence(presence) => {
                let event = if presence.online {
                    "user_online"
                } else {
                    "user_offline"
                };
                let user_id = &presence.user_id;
                Packet::new(event, &User { user_id })
            }
            Told::Online(users) => Packet::new("online_users", users),
            _ => None,
        };
        packet.into_iter().collect()
    }

    fn hear<'a>(&'a self, said: Said<'a>) -> BoxFuture<'a, Option<&'static str>> {
        Box::pin(event::hear(said))
    }

    fn fail(&self, connection: Option<&Connection>, reply: Reply, error: Error) {
        let failed = json!({ "error": Fault::from(error).detail() });
        match connection {
            Some(connection) if !reply.is_wanted() => {
                let told = json!({ "message": failed["error"] });
                connection.give(Packet::new("error", &told).as_slice());
            }
            connection => reply.say(connection, &failed),
        }
    }

    fn routes(&self) -> Router<Arc<Gateway>> {
        http::routes()
    }

    fn document(&self) -> &'static str {
        include_str!("README.md")
    }
}
