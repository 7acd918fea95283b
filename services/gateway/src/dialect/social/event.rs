//! What social's clients say.

use confab_ids::{MessageId, RoomId};
use confab_proto::message::GetRoomRequest;
use serde::{Deserialize, Serialize};

use super::Social;
use super::view::{DOOR, MessageView};
use crate::cursor::read::read_to;
use crate::dialect::Vocabulary as _;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::media::links::Links;
use crate::message::announce::announce;
use crate::message::change::{ReactToMessage, react};
use crate::message::send::{Attach, SendMessage, Sent as Stored, send_charged};
use crate::principal::Principal;
use crate::rate_limit::{Budget, Subject};
use crate::room::enter::enter;
use crate::socket::{Said, payload};
use crate::typing;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Conversation {
    conversation_id: String,
}

impl Conversation {
    fn room(&self) -> Result<RoomId, Error> {
        self.conversation_id
            .parse()
            .map_err(|_| Error::RoomNotFound)
    }
}

/// What a client says to send a message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct Send {
    conversation_id: String,
    text: Option<String>,
    media_url: Option<String>,
    media_type: Option<String>,
    temp_id: Option<String>,
    reply_to: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Typing {
    #[serde(flatten)]
    conversation: Conversation,
    is_typing: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Read {
    #[serde(flatten)]
    conversation: Conversation,
    #[serde(default)]
    message_ids: Vec<String>,
}

#[derive(Serialize)]
struct Done {
    success: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent<'a> {
    success: bool,
    message: MessageView<'a>,
    temp_id: Option<&'a str>,
}

impl Send {
    /// As a command; `links` know an upload by its address.
    fn command(self, links: &Links) -> SendMessage {
        let media = self.media_url.filter(|url| !url.is_empty());
        let (kind, attach) = match media {
            None => ("text", None),
            Some(url) => attached(url, self.media_type.unwrap_or_default(), links),
        };
        SendMessage {
            room_id: Some(self.conversation_id),
            to_user_id: None,
            content: self.text.unwrap_or_default(),
            r#type: kind.to_owned(),
            reply_to: self.reply_to.filter(|id| !id.is_empty()),
            attachments: attach.into_iter().collect(),
            client_message_id: self.temp_id.filter(|id| !id.is_empty()),
        }
    }
}

/// What is at an address, and of what kind the message is then.
fn attached(url: String, mime_type: String, links: &Links) -> (&'static str, Option<Attach>) {
    if let Some(media) = links.named(DOOR, &url) {
        let upload = Attach {
            media_id: media.to_string(),
            ..Attach::default()
        };
        // What an upload is, is known, whatever its sender says.
        return ("", Some(upload));
    }
    let kind = match mime_type.as_str() {
        kind if kind.contains("image") => "image",
        kind if kind.contains("video") => "video",
        kind if kind.contains("audio") => "audio",
        _ => "file",
    };
    let elsewhere = Attach {
        url,
        mime_type,
        ..Attach::default()
    };
    (kind, Some(elsewhere))
}

/// Does what a client says; answers the event's name if there is such an event.
pub async fn hear(said: Said<'_>) -> Option<&'static str> {
    let (name, outcome) = match said.name {
        "chat:send" => return Some(say(said).await),
        "chat:join" => ("chat:join", join(&said).await),
        "chat:typing" => ("chat:typing", types(&said).await),
        "chat:read" => ("chat:read", mark(&said).await),
        "message:react" => ("message:react", reacts(&said).await),
        other => {
            let name = other.chars().take(64).collect();
            Social.fail(Some(said.connection), said.reply, Error::EventUnknown(name));
            return None;
        }
    };
    match outcome {
        Ok(()) => said
            .reply
            .say(Some(said.connection), &Done { success: true }),
        Err(error) => Social.fail(Some(said.connection), said.reply, error),
    }
    Some(name)
}

async fn say(said: Said<'_>) -> &'static str {
    let sent = async {
        let command: Send = payload(said.argument)?;
        let temp_id = command.temp_id.clone();
        let me = &said.connection.principal;
        let sent = say_in(said.gateway, me, command).await?;
        Ok::<_, Error>((sent, temp_id))
    };
    match sent.await {
        Ok((sent, temp_id)) => {
            let answer = Sent {
                success: true,
                message: MessageView::new(sent.message(), sent.sender(), &said.gateway.media.links),
                temp_id: temp_id.as_deref(),
            };
            said.reply.say(Some(said.connection), &answer);
            announce(said.gateway, sent).await;
        }
        Err(error) => Social.fail(Some(said.connection), said.reply, error),
    }
    "chat:send"
}

/// Sends a message, as many as this dialect allows.
pub async fn say_in(gateway: &Gateway, me: &Principal, said: Send) -> Result<Stored, Error> {
    let budget = &[Budget::SocialMessages];
    gateway
        .limits
        .charge(Subject::User(me.user), budget)
        .await?;
    send_charged(gateway, me, said.command(&gateway.media.links)).await
}

/// From now on the socket hears of the conversation.
async fn join(said: &Said<'_>) -> Result<(), Error> {
    let room = payload::<Conversation>(said.argument)?.room()?;
    let me = said.connection.principal.user;
    let request = GetRoomRequest {
        user_id: me.to_string(),
        room_id: room.to_string(),
    };
    let answer = said.gateway.clients.message_store.get_room(request).await?;
    let shown = answer.room.ok_or(Error::RoomNotFound)?;
    if !said.connection.is_in(room) {
        // It was made a moment ago, and the word of it is on its way.
        enter(said.gateway, me, &shown).await;
    }
    said.connection.join(room);
    Ok(())
}

async fn types(said: &Said<'_>) -> Result<(), Error> {
    let Typing {
        conversation,
        is_typing,
    } = payload(said.argument)?;
    typing::set(
        said.gateway,
        said.connection,
        conversation.room()?,
        is_typing,
    )
    .await
}

async fn mark(said: &Said<'_>) -> Result<(), Error> {
    let Read {
        conversation,
        message_ids,
    } = payload(said.argument)?;
    let ids = message_ids.iter().filter_map(|id| id.parse().ok());
    let ids: Vec<MessageId> = ids.collect();
    let me = &said.connection.principal;
    read_to(said.gateway, me, conversation.room()?, &ids)
        .await
        .map(drop)
}

async fn reacts(said: &Said<'_>) -> Result<(), Error> {
    let command: ReactToMessage = payload(said.argument)?;
    react(said.gateway, &said.connection.principal, command)
        .await
        .map(drop)
}
