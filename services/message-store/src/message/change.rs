//! Changes of a message, as they stand in the log.

use confab_ids::{MessageId, UserId};

use crate::invalid::Invalid;

const LONGEST_EMOJI: usize = 64;

/// A change of one message, by whoever made the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub target: MessageId,
    pub act: Act,
}

/// What is done to the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// It says something else from now on.
    Edit {
        content: String,
        mentions: Vec<UserId>,
    },
    /// Its content is gone for everyone.
    Delete,
    /// It is hidden from who did this, and nothing changes for anybody else.
    Hide,
    React(Emoji),
    Unreact(Emoji),
    Pin,
    Unpin,
    /// It was answered by this message.
    Reply(MessageId),
}

/// One emoji or a short name of one: 1 to 64 bytes without white space or control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Emoji(String);

impl Emoji {
    /// # Errors
    /// If it is empty, too long, or has white space.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        let bad = |letter: char| letter.is_whitespace() || letter.is_control();
        if (1..=LONGEST_EMOJI).contains(&text.len()) && !text.contains(bad) {
            Ok(Self(text))
        } else {
            Err(Invalid::Emoji)
        }
    }

    /// As it is stored.
    #[must_use]
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
