//! Chatspace's words.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use confab_fault::Fault;
use confab_ids::UserId;
use futures_util::future::BoxFuture;
use serde_json::json;

use super::http;
use super::view::MessageView;
use crate::dialect::{A_DAY, Manner, Packet, Shows, TokenPlace, Told, Vocabulary};
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::socket::{Reply, Said};

/// The words of seed 001.
pub struct Chatspace;

impl Vocabulary for Chatspace {
    fn name(&self) -> &'static str {
        "chatspace"
    }

    fn manner(&self) -> Manner {
        Manner {
            token: TokenPlace::AuthOrQuery,
            external: false,
            shows: Shows::List,
            joins: false,
            at_once: true,
            names_read: false,
            stays: A_DAY,
            typing_lasts: Duration::ZERO,
        }
    }

    fn refuse(&self, why: &Error) -> &'static str {
        match why {
            Error::TokenMissing => "Authentication error: No token provided",
            Error::UserNotFound => "Authentication error: User not found",
            _ => "Authentication error: Invalid token",
        }
    }

    fn tell(&self, told: &Told<'_>) -> Vec<Packet> {
        let packet = match told {
            Told::Message {
                message,
                pair: Some(pair),
                links,
                ..
            } if message.rev == message.appended_rev && message.note.is_none() => {
                let sender: Option<UserId> = message.from.parse().ok();
                let receiver = pair.iter().find(|user| Some(**user) != sender);
                receiver.and_then(|receiver| {
                    let view = MessageView::new(message, (*receiver, false), (*receiver, links));
                    Some(Packet::new("newMessage", &view)?.only(*receiver))
                })
            }
            Told::Online(users) => Packet::new("getOnlineUsers", users),
            _ => None,
        };
        packet.into_iter().collect()
    }

    /// Its clients say nothing over their sockets.
    fn hear<'a>(&'a self, said: Said<'a>) -> BoxFuture<'a, Option<&'static str>> {
        let name = said.name.chars().take(64).collect();
        self.fail(Some(said.connection), said.reply, Error::EventUnknown(name));
        Box::pin(std::future::ready(None))
    }

    fn fail(&self, connection: Option<&Connection>, reply: Reply, error: Error) {
        let message = Fault::from(error).detail().to_owned();
        reply.say(connection, &json!({ "success": false, "message": message }));
    }

    fn routes(&self) -> Router<Arc<Gateway>> {
        http::routes()
    }

    fn document(&self) -> &'static str {
        include_str!("README.md")
    }
}
