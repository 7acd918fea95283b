//! What daylog's clients say.

use confab_ids::{RoomId, UserId};
use serde::{Deserialize, Serialize};

use super::view::MessageView;
use crate::cursor::advance::{AdvanceCursor, Status, advance};
use crate::dialect::Vocabulary as _;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::message::announce::announce;
use crate::message::send::{SendMessage, send};
use crate::principal::Principal;
use crate::room::last::last_seq;
use crate::socket::{Said, payload};
use crate::typing;

use super::Daylog;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Send {
    receiver_id: UserId,
    content: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct To {
    receiver_id: UserId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct From {
    sender_id: UserId,
}

#[derive(Serialize)]
struct Sent<'a> {
    success: bool,
    message: MessageView<'a>,
}

#[derive(Serialize)]
struct Done {
    success: bool,
}

/// Does what a client says; answers the event's name if there is such an event.
pub async fn hear(said: Said<'_>) -> Option<&'static str> {
    let (name, outcome) = match said.name {
        "send_message" => return Some(say(said).await),
        "mark_as_read" => ("mark_as_read", mark(&said).await),
        "typing_start" => ("typing_start", types(&said, true).await),
        "typing_stop" => ("typing_stop", types(&said, false).await),
        _ => {
            let name = said.name.chars().take(64).collect();
            Daylog.fail(Some(said.connection), said.reply, Error::EventUnknown(name));
            return None;
        }
    };
    match outcome {
        Ok(()) => said
            .reply
            .say(Some(said.connection), &Done { success: true }),
        Err(error) => Daylog.fail(Some(said.connection), said.reply, error),
    }
    Some(name)
}

async fn say(said: Said<'_>) -> &'static str {
    let me = &said.connection.principal;
    let sent = async {
        let Send {
            receiver_id,
            content,
        } = payload(said.argument)?;
        let sent = send(said.gateway, me, to(receiver_id, content)).await?;
        Ok::<_, Error>((sent, receiver_id))
    };
    match sent.await {
        Ok((sent, receiver)) => {
            let message = MessageView::new(sent.message(), receiver, None);
            let success = true;
            said.reply
                .say(Some(said.connection), &Sent { success, message });
            announce(said.gateway, sent).await;
        }
        Err(error) => Daylog.fail(Some(said.connection), said.reply, error),
    }
    "send_message"
}

/// A message to somebody.
pub fn to(receiver: UserId, content: String) -> SendMessage {
    SendMessage {
        room_id: None,
        to_user_id: Some(receiver.to_string()),
        content,
        r#type: String::new(),
        reply_to: None,
        attachments: Vec::new(),
        client_message_id: None,
    }
}

async fn mark(said: &Said<'_>) -> Result<(), Error> {
    let From { sender_id } = payload(said.argument)?;
    read_all(said.gateway, &said.connection.principal, sender_id).await
}

/// Everything that somebody wrote is read.
async fn read_all(gateway: &Gateway, me: &Principal, sender: UserId) -> Result<(), Error> {
    let room_id = RoomId::of_two(me.user, sender);
    let Some(seq) = last_seq(gateway, me, room_id).await? else {
        return Ok(());
    };
    let command = AdvanceCursor {
        room_id,
        seq: Some(seq),
        message_id: None,
        status: Status::Read,
    };
    advance(gateway, me, command).await.map(drop)
}

/// To who is not there, or has no room with one, nothing is said.
async fn types(said: &Said<'_>, is_typing: bool) -> Result<(), Error> {
    let To { receiver_id } = payload(said.argument)?;
    let room = RoomId::of_two(said.connection.principal.user, receiver_id);
    match typing::set(said.gateway, said.connection, room, is_typing).await {
        Err(Error::RoomNotFound) => Ok(()),
        outcome => outcome,
    }
}
