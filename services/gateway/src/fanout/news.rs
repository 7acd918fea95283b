//! What one revision of a room's log is to its sockets, put into words once for all of a dialect.

use std::sync::Arc;

use super::connection::Connection;
use super::sequencer::Position;
use crate::dialect::{Dialect, Packet, Packets, Pair, Told};
use crate::media::links::Links;
use confab_ids::{RoomId, UserId};
use confab_proto::event::{MessageAppended, MessageChanged, Sender};
use confab_proto::message::change::What;
use confab_proto::message::{Change, Message, MessageHidden};

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
    room: RoomId,
    pair: Pair,
    news: News,
    links: Arc<Links>,
    packets: Packets,
    moves: Moves,
}

/// Who is a member no longer, and who is one from now on.
#[derive(Default)]
struct Moves {
    leaving: Vec<UserId>,
    coming: Vec<UserId>,
}

impl Moves {
    fn of(news: &News) -> Self {
        let mut moves = Self::default();
        let News::Message { message, .. } = news else {
            return moves;
        };
        let Some(note) = message.note.as_ref().filter(|_| is_new(message)) else {
            return moves;
        };
        let users = note.user_ids.iter().filter_map(|id| id.parse().ok());
        match note.kind.as_str() {
            "member_removed" => moves.leaving = users.collect(),
            // The heir, if there is one, is named second.
            "member_left" => moves.leaving = users.take(1).collect(),
            "members_added" => moves.coming = users.collect(),
            _ => {}
        }
        moves
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

    /// How it goes out to the sockets of a room.
    pub fn encode(self, (room, pair): (RoomId, Pair), links: &Arc<Links>) -> Encoded {
        Encoded {
            rev: self.position().rev,
            room,
            pair,
            moves: Moves::of(&self),
            news: self,
            links: links.clone(),
            packets: Packets::default(),
        }
    }

    fn told<'a>(&'a self, pair: Pair, links: &'a Links) -> Told<'a> {
        match self {
            Self::Message { message, sender } => Told::Message {
                message,
                sender: sender.as_ref(),
                pair,
                links,
            },
            Self::Hidden(hidden, rev) => Told::Hidden(hidden, *rev),
        }
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
    /// Gives it to a socket; false if it does not concern its user.
    pub fn give(&self, connection: &Connection) -> bool {
        if !connection.hears(self.room) {
            return false;
        }
        connection.give(self.words(connection.dialect))
    }

    /// What it is in a dialect: found at the first socket that speaks it.
    fn words(&self, dialect: Dialect) -> &[Packet] {
        self.packets.of(dialect, || {
            metrics::counter!("confab_gateway_rendered_changes_total", "dialect" => dialect.name())
                .increment(1);
            self.news.told(self.pair, &self.links)
        })
    }

    /// Whether a user is a member after it; `before` if it says nothing of that.
    pub fn leaves_as_member(&self, user: UserId, before: bool) -> bool {
        if self.moves.leaving.contains(&user) {
            return false;
        }
        before || self.moves.coming.contains(&user)
    }

    /// Whether anybody is no longer a member after it.
    pub fn parts(&self) -> bool {
        !self.moves.leaving.is_empty()
    }

    /// Who is a member from now on, and who no longer; none if that stays as it was.
    pub fn moves(&self) -> Option<(&[UserId], &[UserId])> {
        let Moves { coming, leaving } = &self.moves;
        (!coming.is_empty() || !leaving.is_empty()).then_some((coming, leaving))
    }

    /// The message if it is a new one: its number, its id (empty if the system wrote it), and its sender.
    pub fn appended(&self) -> Option<(i64, &str, &str)> {
        match &self.news {
            News::Message { message, .. } if is_new(message) => {
                let id = message.note.as_ref().map_or(message.id.as_str(), |_| "");
                Some((message.seq, id, &message.from))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
