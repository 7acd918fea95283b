//! Social's words.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use confab_fault::{Fault, Kind};
use confab_ids::UserId;
use confab_proto::message::Message;
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

/// The words of seed 000.
pub struct Social;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChatMessage<'a> {
    message: &'a MessageView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temp_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Typing<'a> {
    user_id: &'a str,
    is_typing: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Read<'a> {
    conversation_id: &'a str,
    message_ids: &'a [String],
    read_by: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Online<'a> {
    user_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offline<'a> {
    user_id: &'a str,
    last_seen: &'a Option<String>,
}

impl Vocabulary for Social {
    fn name(&self) -> &'static str {
        "social"
    }

    fn manner(&self) -> Manner {
        Manner {
            token: TokenPlace::Auth,
            external: false,
            shows: Shows::Edges,
            joins: true,
            at_once: false,
            names_read: true,
            stays: A_DAY,
            // "Typing timeout clears after 2 s."
            typing_lasts: Duration::from_secs(2),
        }
    }

    fn refuse(&self, why: &Error) -> &'static str {
        match why {
            Error::TokenMissing => "No token provided",
            Error::UserNotFound => "User not found",
            _ => "Invalid token",
        }
    }

    fn tell(&self, told: &Told<'_>) -> Vec<Packet> {
        let packet = match told {
            Told::Message {
                message,
                sender,
                links,
                ..
            } if message.note.is_none() => {
                let view = MessageView::new(message, *sender, links);
                if message.rev == message.appended_rev {
                    return arrived(message, &view);
                }
                Packet::new("chat:update", &json!({ "message": view }))
            }
            Told::Read {
                cursor, messages, ..
            } => {
                let read = Read {
                    conversation_id: &cursor.room_id,
                    message_ids: messages,
                    read_by: &cursor.user_id,
                };
                Packet::new("chat:read", &read)
            }
            Told::Typing {
                user, is_typing, ..
            } => {
                let (user_id, is_typing) = (&user.to_string(), *is_typing);
                Packet::new("chat:typing", &Typing { user_id, is_typing })
            }
            Told::Presence(presence) => {
                let user_id = &presence.user_id;
                if presence.online {
                    Packet::new("user:online", &Online { user_id })
                } else {
                    let last_seen = &presence.last_seen;
                    Packet::new("user:offline", &Offline { user_id, last_seen })
                }
            }
            Told::Online(users) => {
                let online = |user_id| Packet::new("user:online", &Online { user_id });
                return users.iter().filter_map(|user| online(user)).collect();
            }
            _ => None,
        };
        packet.into_iter().collect()
    }

    fn hear<'a>(&'a self, said: Said<'a>) -> BoxFuture<'a, Option<&'static str>> {
        Box::pin(event::hear(said))
    }

    fn fail(&self, connection: Option<&Connection>, reply: Reply, error: Error) {
        reply.say(connection, &json!({ "error": words(error) }));
    }

    fn routes(&self) -> Router<Arc<Gateway>> {
        http::routes()
    }

    fn document(&self) -> &'static str {
        include_str!("README.md")
    }
}

/// A new message, with the sender's own id of it for the sender alone.
fn arrived(message: &Message, view: &MessageView<'_>) -> Vec<Packet> {
    let with = |temp_id| {
        let message = view;
        Packet::new("chat:message", &ChatMessage { message, temp_id })
    };
    let Ok(sender) = message.from.parse::<UserId>() else {
        return Vec::new();
    };
    let own = with(Some(message.client_message_id.as_str())).map(|packet| packet.only(sender));
    let others = with(None).map(|packet| packet.all_but(sender));
    own.into_iter().chain(others).collect()
}

/// Why something was not done.
pub fn words(error: Error) -> String {
    let is_conversation = matches!(&error, Error::RoomNotFound)
        || matches!(&error, Error::Field { name, .. } if *name == "roomId");
    let fault = Fault::from(error);
    if is_conversation || fault.reason() == "ROOM_NOT_FOUND" {
        return "Invalid conversation".to_owned();
    }
    if fault.kind() == Kind::Internal {
        tracing::error!(%fault, "an event failed");
    }
    fault.detail().to_owned()
}
