//! Changing messages: durable first, then announced to the room.

use confab_ids::MessageId;
use confab_proto::event::Sender;
use confab_proto::message::{
    ChangeMessageResponse, DeleteFor, DeleteMessageRequest, EditMessageRequest, Message,
    PinMessageRequest, ReactToMessageRequest,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::announce::announce_changes;
use super::mention;
use super::send::no_message;
use crate::contract::words::AnyId;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;
use crate::profile;

/// What a client says to edit a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct EditMessage {
    /// Which one.
    #[schema(value_type = AnyId)]
    pub message_id: MessageId,
    /// What it is to say.
    #[schema(min_length = 1, max_length = 8192)]
    pub content: String,
}

/// What a client says to delete a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct DeleteMessage {
    /// Which one.
    #[schema(value_type = AnyId)]
    pub message_id: MessageId,
    /// For whom.
    pub r#for: For,
}

/// For whom a message is deleted.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum For {
    /// Its content is gone.
    #[default]
    Everyone,
    /// It is hidden from who asks.
    Me,
}

/// What a client says to react to a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct ReactToMessage {
    /// Which one.
    #[schema(value_type = AnyId)]
    pub message_id: MessageId,
    /// One emoji, or a short name of one.
    #[schema(min_length = 1, max_length = 64, pattern = r"^\S+$")]
    pub emoji: String,
    /// Whether to take it back.
    #[serde(default)]
    pub remove: bool,
}

/// What a client says to pin a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct PinMessage {
    /// Which one.
    #[schema(value_type = AnyId)]
    pub message_id: MessageId,
    /// Whether to take it off.
    #[serde(default)]
    pub remove: bool,
}

/// A message as it is after it was changed, with its sender, if known.
pub struct Changed {
    /// The message.
    pub message: Message,
    /// Who sent it.
    pub sender: Option<Sender>,
}

/// Makes a message say something else.
#[tracing::instrument(target = "confab", name = "message.edit", skip_all)]
pub async fn edit(
    gateway: &Gateway,
    principal: &Principal,
    command: EditMessage,
) -> Result<Changed, Error> {
    let mention_ids = mention::resolve(gateway, &command.content).await?;
    let request = EditMessageRequest {
        user_id: principal.user.to_string(),
        message_id: command.message_id.to_string(),
        content: command.content,
        mention_ids,
    };
    let answer = gateway.clients.message_store.edit_message(request).await?;
    tell(gateway, answer).await
}

/// Deletes a message for everyone, or hides it from who asks.
#[tracing::instrument(target = "confab", name = "message.delete", skip_all)]
pub async fn delete(
    gateway: &Gateway,
    principal: &Principal,
    command: DeleteMessage,
) -> Result<Changed, Error> {
    let request = DeleteMessageRequest {
        user_id: principal.user.to_string(),
        message_id: command.message_id.to_string(),
        r#for: match command.r#for {
            For::Everyone => DeleteFor::Everyone,
            For::Me => DeleteFor::Me,
        }
        .into(),
    };
    let answer = gateway
        .clients
        .message_store
        .delete_message(request)
        .await?;
    tell(gateway, answer).await
}

/// Adds a reaction, or takes it back.
#[tracing::instrument(target = "confab", name = "message.react", skip_all)]
pub async fn react(
    gateway: &Gateway,
    principal: &Principal,
    command: ReactToMessage,
) -> Result<Changed, Error> {
    let request = ReactToMessageRequest {
        user_id: principal.user.to_string(),
        message_id: command.message_id.to_string(),
        emoji: command.emoji,
        remove: command.remove,
    };
    let answer = gateway
        .clients
        .message_store
        .react_to_message(request)
        .await?;
    tell(gateway, answer).await
}

/// Pins a message, or takes it off.
#[tracing::instrument(target = "confab", name = "message.pin", skip_all)]
pub async fn pin(
    gateway: &Gateway,
    principal: &Principal,
    command: PinMessage,
) -> Result<Changed, Error> {
    let request = PinMessageRequest {
        user_id: principal.user.to_string(),
        message_id: command.message_id.to_string(),
        remove: command.remove,
    };
    let answer = gateway.clients.message_store.pin_message(request).await?;
    tell(gateway, answer).await
}

/// Tells the room what has changed, if anything has.
async fn tell(gateway: &Gateway, answer: ChangeMessageResponse) -> Result<Changed, Error> {
    let message = answer.message.ok_or_else(no_message)?;
    let room = message.room_id.parse().map_err(|_| no_message())?;
    let sender = gateway.profiles.one(&message.from).await.ok().flatten();
    let sender = sender.map(|user| profile::sender(&user));
    let changes = answer.change.into_iter().chain(answer.further).collect();
    announce_changes(gateway, room, changes).await;
    Ok(Changed { message, sender })
}
