//! What stands in a log: a message, or a change of one. Each has a revision; only messages have numbers.

use confab_ids::{MessageId, RoomId, UserId};

use super::Head;
use crate::message::{Body, Change, ClientMessageId};

/// What is to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub room: RoomId,
    pub from: UserId,
    pub client_message_id: ClientMessageId,
    pub what: What,
}

/// A message or a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Message(Body),
    Change(Change),
}

/// An entry of a log. It never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: MessageId,
    pub room: RoomId,
    pub from: UserId,
    pub client_message_id: String,
    /// Its revision, which no other record of the room has.
    pub rev: i64,
    /// The number of a message. A change has none: here stands its negative revision, which no other
    /// record of the room has either, so that one index serves both.
    pub seq: i64,
    pub at_ms: i64,
    pub what: What,
}

impl Record {
    /// A record without a place as yet.
    #[must_use]
    pub fn new(id: MessageId, draft: Draft) -> Self {
        Self {
            id,
            room: draft.room,
            from: draft.from,
            client_message_id: draft.client_message_id.into_text(),
            rev: 0,
            seq: 0,
            at_ms: 0,
            what: draft.what,
        }
    }

    /// Takes the place after `head`, and answers where the log ends then.
    pub fn place(&mut self, head: Head, now_ms: i64) -> Head {
        let next = match self.what {
            What::Message(_) => head.next(now_ms),
            What::Change(_) => head.next_change(now_ms),
        };
        self.rev = next.rev;
        self.at_ms = next.at_ms;
        self.seq = match self.what {
            What::Message(_) => next.seq,
            What::Change(_) => -next.rev,
        };
        next
    }
}
