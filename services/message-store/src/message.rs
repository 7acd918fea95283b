//! What a message is, and what it may say.

pub mod attachment;
pub mod change;
pub mod delete;
pub mod edit;
pub mod edits;
pub mod find;
pub mod list;
pub mod note;
pub mod pin;
pub mod pins;
pub mod preview;
pub mod react;
pub mod replies;
pub mod send;
mod state;
pub mod update;

use confab_ids::{MessageId, RoomId, UserId};

use crate::invalid::Invalid;
use crate::log::Record;

pub use attachment::Attachment;
pub use change::{Act, Change};
pub use note::Note;
pub use preview::Preview;
pub use state::{Edit, Reaction, State, Thread};

/// What the gateway accepts in one event leaves room for a good deal more than this.
const MAX_CONTENT_BYTES: usize = 8_192;
/// A UUID has 36.
const MAX_CLIENT_MESSAGE_ID: usize = 64;

/// A message in its room's log, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub room: RoomId,
    /// 1, 2, 3, ... in its room.
    pub seq: i64,
    /// The revision at which it was appended.
    pub appended_rev: i64,
    pub from: UserId,
    pub client_message_id: String,
    /// Never before the message with the `seq` below.
    pub created_at_ms: i64,
    pub body: Body,
    pub state: State,
}

/// What a message says when it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    pub kind: MessageType,
    pub content: String,
    pub attachments: Vec<Attachment>,
    /// What it answers.
    pub reply_to: Option<MessageId>,
    /// The members whom it names.
    pub mentions: Vec<UserId>,
    /// What happened to the room, in a message of the system.
    pub note: Option<Note>,
}

impl Message {
    /// A message as it was appended; none if the record is no message.
    #[must_use]
    pub fn new(record: Record) -> Option<Self> {
        let crate::log::What::Message(body) = record.what else {
            return None;
        };
        Some(Self {
            id: record.id,
            room: record.room,
            seq: record.seq,
            appended_rev: record.rev,
            from: record.from,
            client_message_id: record.client_message_id,
            created_at_ms: record.at_ms,
            body,
            state: State::default(),
        })
    }

    /// The revision of its last change.
    #[must_use]
    pub fn rev(&self) -> i64 {
        self.state.changed_rev.max(self.appended_rev)
    }

    #[must_use]
    pub const fn is_deleted(&self) -> bool {
        self.state.deleted_at_ms != 0
    }

    /// What it says now.
    #[must_use]
    pub fn content(&self) -> &str {
        match &self.state.content {
            _ if self.is_deleted() => "",
            Some(edited) => edited,
            None => &self.body.content,
        }
    }
}

/// What sort of message it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageType {
    #[default]
    Text,
    Image,
    Video,
    Audio,
    File,
    /// Tells what happened to the room; nobody can send one.
    System,
}

impl MessageType {
    /// The type that a client names. None named means what the first attachment is, or text.
    ///
    /// # Errors
    /// If there is no such type, or clients may not send it.
    pub fn parse(word: &str, attachments: &[Attachment]) -> Result<Self, Invalid> {
        match word {
            "" => Ok(attachments
                .first()
                .map_or(Self::Text, |first| Self::of_mime(&first.mime_type))),
            "text" => Ok(Self::Text),
            "image" => Ok(Self::Image),
            "video" => Ok(Self::Video),
            "audio" => Ok(Self::Audio),
            "file" => Ok(Self::File),
            _ => Err(Invalid::MessageType),
        }
    }

    /// What a message is that carries this.
    #[must_use]
    pub fn of_mime(mime_type: &str) -> Self {
        match mime_type.split('/').next() {
            Some("image") => Self::Image,
            Some("video") => Self::Video,
            Some("audio") => Self::Audio,
            _ => Self::File,
        }
    }

    /// The type that a document names, which was right when it was written.
    #[must_use]
    pub fn stored(word: &str) -> Self {
        match word {
            "system" => Self::System,
            other => Self::parse(other, &[]).unwrap_or_default(),
        }
    }

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::File => "file",
            Self::System => "system",
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

    /// Content that may be empty, beside attachments.
    ///
    /// # Errors
    /// If the text is too long.
    pub fn beside_attachments(text: String) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Ok(Self(text));
        }
        Self::parse(text)
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

    /// The id of something that this service does, and does once: what it is, and for what. Longer than
    /// any client's, so that no client can take it first.
    #[must_use]
    pub fn own(what: &str, of: &str) -> Self {
        Self(format!(
            "{what}:{of:_<width$}",
            width = MAX_CLIENT_MESSAGE_ID
        ))
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
