//! What one revision of a room's log is to its sockets, encoded once for all of them.

use confab_ids::UserId;
use confab_proto::event::{MessageAppended, MessageChanged, Sender};
use confab_proto::message::change::What;
use confab_proto::message::{Change, Message, MessageHidden};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::connection::Connection;
use super::sequencer::Position;
use crate::dialect::native::{HiddenView, MessageView, RoomChangeView};
use crate::socket::told;

/// A revision of a room's log.
pub enum News {
    /// A message: new if it was appended at this revision, or else changed.
    Message {
        /// The message, whose `rev` is this revision.
        message: Box<Message>,
        /// Who sent it, if known.
        sender: Option<Sender>,
    },
    /// A message was hidden from one user.
    Hidden(MessageHidden, i64),
}

/// News as they go to sockets.
pub struct Encoded {
    /// The revision.
    pub rev: i64,
    /// The event.
    pub event: &'static str,
    /// Whom it concerns, if not everybody.
    pub only: Option<UserId>,
    /// The event's argument.
    pub payload: Box<RawValue>,
    /// What it says of the room itself, in an event of its own.
    pub told: Option<Told>,
}

/// A change of a room, besides the message that tells it.
pub struct Told {
    event: &'static str,
    payload: Box<RawValue>,
    /// Who is no longer a member.
    leaving: Vec<UserId>,
    /// Who is one from now on.
    coming: Vec<UserId>,
}

impl Told {
    fn of(message: &Message) -> Option<Self> {
        let note = message.note.as_ref().filter(|_| is_new(message))?;
        let users = || {
            note.user_ids
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect()
        };
        let (mut leaving, mut coming) = (Vec::new(), Vec::new());
        match note.kind.as_str() {
            "member_removed" => leaving = users(),
            // The heir, if there is one, is named second.
            "member_left" => {
                leaving = note
                    .user_ids
                    .iter()
                    .take(1)
                    .filter_map(|id| id.parse().ok())
                    .collect()
            }
            "members_added" => coming = users(),
            _ => {}
        }
        let (event, payload) = match RoomChangeView::new(message, note) {
            RoomChangeView::Updated(view) => (told::ROOM_UPDATED, raw(&view)),
            RoomChangeView::Member(view) => (told::ROOM_MEMBER, raw(&view)),
        };
        Some(Self {
            event,
            payload: payload?,
            leaving,
            coming,
        })
    }
}

impl News {
    /// A message that was just sent; none if there is none in the event.
    pub fn of_appended(appended: MessageAppended) -> Option<Self> {
        Some(Self::Message {
            message: Box::new(appended.message?),
            sender: appended.sender,
        })
    }

    /// A change that was just made; none if nothing is in the event.
    pub fn of_changed(changed: MessageChanged) -> Option<Self> {
        Self::of_change(changed.change?, changed.sender)
    }

    /// A change as the store reads it; none if nothing is in it.
    pub fn of_change(change: Change, sender: Option<Sender>) -> Option<Self> {
        Some(match change.what? {
            What::Message(message) => Self::Message {
                message: Box::new(message),
                sender,
            },
            What::Hidden(hidden) => Self::Hidden(hidden, change.rev),
        })
    }

    /// Where it stands.
    pub fn position(&self) -> Position {
        match self {
            Self::Message { message, .. } => Position {
                rev: message.rev,
                seq: if is_new(message) { message.seq } else { 0 },
            },
            Self::Hidden(_, rev) => Position { rev: *rev, seq: 0 },
        }
    }

    /// Who sent it, if it is a new message: they have stopped typing.
    pub fn author(&self) -> Option<UserId> {
        match self {
            Self::Message { message, .. } if is_new(message) => message.from.parse().ok(),
            _ => None,
        }
    }

    /// How it goes out; none if it cannot be written, which does not happen to what was read.
    pub fn encode(&self) -> Option<Encoded> {
        let mut told = None;
        let (event, only, payload) = match self {
            Self::Message { message, sender } => {
                told = Told::of(message);
                let event = if is_new(message) {
                    told::MESSAGE_RECEIVE
                } else {
                    told::MESSAGE_UPDATED
                };
                (
                    event,
                    None,
                    raw(&MessageView::new(message, sender.as_ref())),
                )
            }
            Self::Hidden(hidden, rev) => {
                let user = hidden.user_id.parse().ok()?;
                (
                    told::MESSAGE_HIDDEN,
                    Some(user),
                    raw(&HiddenView::new(hidden, *rev)),
                )
            }
        };
        Some(Encoded {
            rev: self.position().rev,
            event,
            only,
            payload: payload?,
            told,
        })
    }

    /// Whether somebody may no longer be a member after it.
    pub fn parts(&self) -> bool {
        matches!(self, Self::Message { message, .. }
            if message.note.as_ref().is_some_and(|note| note.kind.starts_with("member_")))
    }
}

/// Whether it stands where it was appended.
const fn is_new(message: &Message) -> bool {
    message.rev == message.appended_rev
}

fn raw<T: Serialize>(view: &T) -> Option<Box<RawValue>> {
    to_raw_value(view).ok()
}

/// The senders of the messages among changes.
pub fn senders_of(changes: &[Change]) -> impl Iterator<Item = &str> {
    changes.iter().filter_map(|change| match &change.what {
        Some(What::Message(message)) => Some(message.from.as_str()),
        _ => None,
    })
}

/// Whose message a change shows.
pub fn sender_of(change: &Change) -> Option<&str> {
    match &change.what {
        Some(What::Message(message)) => Some(&message.from),
        _ => None,
    }
}

impl Encoded {
    /// Gives it to a socket if it concerns its user.
    pub fn give(&self, connection: &Connection) -> bool {
        let concerned = self
            .only
            .is_none_or(|user| user == connection.principal.user);
        if concerned {
            connection.emit(self.event, &self.payload);
            if let Some(told) = &self.told {
                connection.emit(told.event, &told.payload);
            }
        }
        concerned
    }

    /// Whether a user is a member after it; `before` if it says nothing of that.
    pub fn leaves_as_member(&self, user: UserId, before: bool) -> bool {
        match &self.told {
            Some(told) if told.leaving.contains(&user) => false,
            Some(told) if told.coming.contains(&user) => true,
            _ => before,
        }
    }

    /// Whether anybody is no longer a member after it.
    pub fn parts(&self) -> bool {
        self.told
            .as_ref()
            .is_some_and(|told| !told.leaving.is_empty())
    }
}
