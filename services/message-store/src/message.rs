//! What a message is, and what it may say.

pub mod find;
pub mod list;
pub mod send;

use confab_ids::{MessageId, RoomId, UserId};

use crate::invalid::Invalid;

/// What the gateway accepts in one event leaves room for a good deal more than this.
const MAX_CONTENT_BYTES: usize = 8_192;
/// A UUID has 36.
const MAX_CLIENT_MESSAGE_ID: usize = 64;

/// A message in its room's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub room: RoomId,
    /// 1, 2, 3, ... in its room.
    pub seq: i64,
    /// The room's revision at this message's last change.
    pub rev: i64,
    pub from: UserId,
    pub kind: MessageType,
    pub content: String,
    pub client_message_id: String,
    /// Never before the message with the `seq` below.
    pub created_at_ms: i64,
}

/// What a sender asks to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub room: RoomId,
    pub from: UserId,
    pub kind: MessageType,
    pub content: Content,
    pub client_message_id: ClientMessageId,
}

/// What sort of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageType {
    Text,
}

impl MessageType {
    /// # Errors
    /// If there is no such type. None given means text.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "" | "text" => Ok(Self::Text),
            _ => Err(Invalid::MessageType),
        }
    }

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
        }
    }
}

/// What a message says: 1 to 8,192 bytes, not only white space. It is kept as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content(String);

impl Content {
    /// # Errors
    /// If the text is empty, blank or too long.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        if text.len() > MAX_CONTENT_BYTES {
            return Err(Invalid::Content("the content is longer than 8192 bytes"));
        }
        if text.trim().is_empty() {
            return Err(Invalid::Content("the content is empty"));
        }
        Ok(Self(text))
    }

    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

/// The sender's own id of a message, by which a repeat is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientMessageId(String);

impl ClientMessageId {
    /// # Errors
    /// If it is not 1 to 64 printable ASCII characters.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        let printable = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if printable && (1..=MAX_CLIENT_MESSAGE_ID).contains(&text.len()) {
            Ok(Self(text))
        } else {
            Err(Invalid::ClientMessageId)
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests;
