//! Reading messages one by one, and what belongs to them.

use std::collections::HashMap;

use confab_ids::{MessageId, RoomId};
use confab_proto::event::Sender;
use confab_proto::message::{
    Edit, GetMessageRequest, ListEditsRequest, ListPinsRequest, ListRepliesRequest, Message,
};

use super::send::no_message;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// Messages with those who sent them.
pub struct Shown {
    /// The messages.
    pub messages: Vec<Message>,
    /// By id; those who are not known are missing.
    pub senders: HashMap<String, Sender>,
    /// Whether there are more.
    pub has_more: bool,
}

/// One message.
pub async fn one(
    gateway: &Gateway,
    principal: &Principal,
    message: MessageId,
) -> Result<Shown, Error> {
    let request = GetMessageRequest {
        user_id: principal.user.to_string(),
        message_id: message.to_string(),
    };
    let answer = gateway.clients.message_store.get_message(request).await?;
    let message = answer.message.ok_or_else(no_message)?;
    Ok(shown(gateway, vec![message], false).await)
}

/// The replies to a message after a number, ascending.
pub async fn replies(
    gateway: &Gateway,
    principal: &Principal,
    message: MessageId,
    (after_seq, limit): (i64, i32),
) -> Result<Shown, Error> {
    let request = ListRepliesRequest {
        user_id: principal.user.to_string(),
        message_id: message.to_string(),
        limit,
        after_seq,
    };
    let answer = gateway.clients.message_store.list_replies(request).await?;
    Ok(shown(gateway, answer.messages, answer.has_more).await)
}

/// The pinned messages of a room, the last pinned first.
pub async fn pins(gateway: &Gateway, principal: &Principal, room: RoomId) -> Result<Shown, Error> {
    let request = ListPinsRequest {
        user_id: principal.user.to_string(),
        room_id: room.to_string(),
    };
    let answer = gateway.clients.message_store.list_pins(request).await?;
    Ok(shown(gateway, answer.messages, false).await)
}

/// What a message said before.
pub async fn edits(
    gateway: &Gateway,
    principal: &Principal,
    message: MessageId,
) -> Result<Vec<Edit>, Error> {
    let request = ListEditsRequest {
        user_id: principal.user.to_string(),
        message_id: message.to_string(),
    };
    Ok(gateway
        .clients
        .message_store
        .list_edits(request)
        .await?
        .edits)
}

async fn shown(gateway: &Gateway, messages: Vec<Message>, has_more: bool) -> Shown {
    let from = messages.iter().map(|message| message.from.as_str());
    let senders = gateway.profiles.senders(from).await;
    Shown {
        messages,
        senders,
        has_more,
    }
}
