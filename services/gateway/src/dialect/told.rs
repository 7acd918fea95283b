//! All that a socket can be told, before it is put into words.

use std::collections::{HashMap, HashSet};

use confab_ids::{RoomId, UserId};
use confab_proto::auth::User;
use confab_proto::event::{CursorAdvanced, Sender};
use confab_proto::message::{Message, MessageHidden, Room};

use super::native::PresenceView;
use crate::media::links::Links;

/// The two of a room of two; nobody for a group.
pub type Pair = Option<[UserId; 2]>;

/// Something to tell. A dialect that has no word for it says nothing.
pub enum Told<'a> {
    /// The socket is ready.
    Welcome(&'a Welcome<'a>),
    /// A message, new or changed.
    Message {
        message: &'a Message,
        sender: Option<&'a Sender>,
        pair: Pair,
        /// Where what is attached to it is.
        links: &'a Links,
    },
    /// A message was hidden from one user, at a revision.
    Hidden(&'a MessageHidden, i64),
    /// A member has received or read more.
    Cursor(&'a CursorAdvanced),
    /// The same, for dialects that name what was read: these messages, none of them the reader's own.
    Read {
        cursor: &'a CursorAdvanced,
        messages: &'a [String],
        pair: Pair,
    },
    /// A member began or stopped typing.
    Typing {
        room: RoomId,
        user: UserId,
        is_typing: bool,
        pair: Pair,
    },
    /// A user came or went.
    Presence(&'a PresenceView),
    /// Who is online of those whom the socket sees.
    Online(&'a [String]),
    /// The user is in a new room.
    Room {
        room: &'a Room,
        senders: &'a HashMap<String, Sender>,
    },
    /// The session is over.
    SessionRevoked { session: &'a str },
    /// The token has expired.
    SessionExpired { closes_in_ms: u64 },
    /// The gateway leaves.
    Draining { reconnect_in_ms: u64 },
}

/// What a socket that has become ready is told.
pub struct Welcome<'a> {
    /// Who is behind it, if known.
    pub user: Option<&'a User>,
    /// The user's rooms.
    pub rooms: &'a [Room],
    /// Who sent their last messages.
    pub senders: &'a HashMap<String, Sender>,
    /// Those whose history the client has to read anew.
    pub resync: &'a HashSet<RoomId>,
    /// Over all rooms.
    pub total_unread: i64,
}

/// The two of a room, as its member sees it.
pub fn pair_of(room: &Room) -> Pair {
    match &room.member_ids[..] {
        [one, other] if !room.is_group => Some([one.parse().ok()?, other.parse().ok()?]),
        _ => None,
    }
}
