//! Sending a message: durable first, then announced.

use confab_fault::Fault;
use confab_ids::{MessageId, RoomId, UserId};
use confab_proto::event::{MessageAppended, Sender};
use confab_proto::message::{Attachment, Change, Message, SendMessageRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use super::mention;
use crate::block;
use crate::contract::object::objects;
use crate::contract::words::{AnyId, IdOrEmpty, SentType};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;
use crate::profile;
use crate::rate_limit::{Budget, Subject};
use crate::room;

/// What a client says to send a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct SendMessage {
    /// The room, or else `to_user_id`.
    #[schema(value_type = Option<AnyId>)]
    pub room_id: Option<String>,
    /// The other one of a room of two, which is made if it is not there.
    #[schema(value_type = Option<AnyId>)]
    pub to_user_id: Option<String>,
    /// What to say; may be absent beside attachments.
    #[serde(default)]
    #[schema(max_length = 8192)]
    pub content: String,
    /// What the first attachment is, or `text`, if absent.
    #[serde(default)]
    #[schema(value_type = SentType)]
    pub r#type: String,
    /// The message that this one answers, in the same room.
    #[serde(default)]
    #[schema(value_type = Option<IdOrEmpty>)]
    pub reply_to: Option<String>,
    /// At most 10.
    #[serde(default, deserialize_with = "objects")]
    #[schema(max_items = 10)]
    pub attachments: Vec<Attach>,
    /// The client's own id of it: repeating it is safe. Made up if absent.
    #[schema(min_length = 1, max_length = 64, pattern = "^[ -~]+$")]
    pub client_message_id: Option<String>,
}

/// What a client says to attach something: an upload by its id, or something elsewhere by its address.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct Attach {
    /// The id of an upload; then all else is known.
    pub media_id: String,
    /// Or else where it is.
    #[schema(max_length = 2048)]
    pub url: String,
    /// For example `image/png`.
    #[schema(max_length = 127)]
    pub mime_type: String,
    /// The file's name.
    #[schema(max_length = 255)]
    pub name: String,
    /// In bytes.
    #[schema(minimum = 0)]
    pub size: i64,
    /// In pixels.
    #[schema(minimum = 0, maximum = 100_000)]
    pub width: i32,
    /// In pixels.
    #[schema(minimum = 0, maximum = 100_000)]
    pub height: i32,
}

impl From<Attach> for Attachment {
    fn from(attach: Attach) -> Self {
        Self {
            media_id: attach.media_id,
            url: attach.url,
            mime_type: attach.mime_type,
            name: attach.name,
            size_bytes: attach.size,
            width: attach.width,
            height: attach.height,
        }
    }
}

/// A message that is durable, and perhaps not announced yet.
pub struct Sent {
    /// The room.
    pub room: RoomId,
    /// The message with its sender.
    pub appended: MessageAppended,
    /// Whether it had been sent before.
    pub repeated: bool,
    /// Messages that changed with it: what it answers.
    pub further: Vec<Change>,
}

impl Sent {
    /// The message.
    pub fn message(&self) -> &Message {
        self.appended
            .message
            .as_ref()
            .expect("a sent message has a message")
    }

    /// Its sender, if known.
    pub fn sender(&self) -> Option<&Sender> {
        self.appended.sender.as_ref()
    }
}

/// Sends a message, as long as its sender may. When this answers, the message is durable;
/// [`super::announce`] it then.
pub async fn send(
    gateway: &Gateway,
    principal: &Principal,
    command: SendMessage,
) -> Result<Sent, Error> {
    let subject = Subject::User(principal.user);
    gateway.limits.charge(subject, &[Budget::Messages]).await?;
    send_charged(gateway, principal, command).await
}

/// Sends a message that has been charged with the event that asks for it.
#[tracing::instrument(target = "confab", name = "message.send", skip_all)]
pub async fn send_charged(
    gateway: &Gateway,
    principal: &Principal,
    command: SendMessage,
) -> Result<Sent, Error> {
    let room = match (&command.room_id, &command.to_user_id) {
        (Some(room), None) => {
            let room = room
                .parse::<RoomId>()
                .map_err(|_| Error::field("roomId", "must be 24 hex digits"))?;
            block::check::room(gateway, principal.user, room).await?;
            room
        }
        (None, Some(user)) => {
            let user = user
                .parse::<UserId>()
                .map_err(|_| Error::field("toUserId", "must be 24 hex digits"))?;
            room::create::pair(gateway, principal, user).await?
        }
        _ => {
            return Err(Error::field(
                "roomId",
                "either roomId or toUserId must be given",
            ));
        }
    };
    // Without a name of its sender's a repeat would be another message.
    let is_repeatable = command.client_message_id.is_some();
    let client_message_id = command
        .client_message_id
        .unwrap_or_else(|| MessageId::generate().to_string());
    let mention_ids = mention::resolve(gateway, &command.content).await?;
    let request = SendMessageRequest {
        user_id: principal.user.to_string(),
        room_id: room.to_string(),
        content: command.content,
        r#type: command.r#type,
        client_message_id,
        attachments: command
            .attachments
            .into_iter()
            .map(Attachment::from)
            .collect(),
        reply_to_id: command.reply_to.unwrap_or_default(),
        mention_ids,
    };
    let answer = gateway.clients.message_store.send_message(request).await;
    let answer = answer.map_err(|fault| match is_repeatable {
        true => fault,
        false => fault.not_to_be_repeated(),
    })?;
    let message = answer.message.ok_or_else(no_message)?;
    // Auth being away must not hold a message up: the sender shows by id alone then.
    let sender = gateway.profiles.one(&message.from).await.ok().flatten();
    let sender = sender.map(|user| profile::sender(&user));
    let appended = MessageAppended {
        message: Some(message),
        sender,
    };
    Ok(Sent {
        room,
        appended,
        repeated: answer.repeated,
        further: answer.further,
    })
}

pub(super) fn no_message() -> Error {
    let kind = confab_fault::Kind::Internal;
    Error::Peer(Fault::new(
        kind,
        "INTERNAL",
        "something went wrong on our side",
    ))
}
