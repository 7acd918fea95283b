//! What heretics' clients say.

use confab_ids::RoomId;
use serde::{Deserialize, Serialize};

use super::Heretics;
use super::view::MessageView;
use crate::dialect::Vocabulary as _;
use crate::error::Error;
use crate::message::announce::announce;
use crate::message::send::{SendMessage, send};
use crate::socket::{Said, payload};
use crate::typing;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Send {
    chat_id: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Typing {
    chat_id: RoomId,
    is_typing: bool,
}

#[derive(Serialize)]
struct Sent<'a> {
    success: bool,
    message: MessageView<'a>,
}

/// Does what a client says; answers the event's name if there is such an event.
pub async fn hear(said: Said<'_>) -> Option<&'static str> {
    match said.name {
        "send-message" => Some(say(said).await),
        // Nothing depends on it: whoever is in a chat hears of it, and nobody else does.
        "join-chat" => Some("join-chat"),
        "leave-chat" => Some("leave-chat"),
        "typing" => {
            // Fails silently, as the seed says.
            if let Ok(Typing { chat_id, is_typing }) = payload(said.argument)
                && let Err(error) =
                    typing::set(said.gateway, said.connection, chat_id, is_typing).await
            {
                tracing::debug!(%error, "typing was refused");
            }
            Some("typing")
        }
        other => {
            let name = other.chars().take(64).collect();
            if said.reply.is_wanted() {
                Heretics.fail(Some(said.connection), said.reply, Error::EventUnknown(name));
            }
            None
        }
    }
}

async fn say(said: Said<'_>) -> &'static str {
    let sent = async {
        let command: Send = payload(said.argument)?;
        send(said.gateway, &said.connection.principal, to(command)).await
    };
    match sent.await {
        Ok(sent) => {
            let links = &said.gateway.media.links;
            let message = MessageView::new(sent.message(), sent.sender(), links);
            let success = true;
            said.reply
                .say(Some(said.connection), &Sent { success, message });
            announce(said.gateway, sent).await;
        }
        Err(error) => Heretics.fail(Some(said.connection), said.reply, error),
    }
    "send-message"
}

fn to(Send { chat_id, text }: Send) -> SendMessage {
    SendMessage {
        room_id: Some(chat_id),
        to_user_id: None,
        content: text,
        r#type: String::new(),
        reply_to: None,
        attachments: Vec::new(),
        client_message_id: None,
    }
}
