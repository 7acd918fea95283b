//! What events are about, and the name of its Redis channel.

use std::fmt;
use std::str::FromStr;

use confab_ids::{IdInvalid, RoomId, UserId};

/// What an event is about; a Redis channel of this name carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// What happens in a room, for its members.
    Room(RoomId),
    /// What happens to a user, for that user alone.
    User(UserId),
    /// Whether a user is online, for those who watch.
    Presence(UserId),
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Room(id) => write!(f, "room:{id}"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Presence(id) => write!(f, "presence:{id}"),
        }
    }
}

impl FromStr for Topic {
    type Err = IdInvalid;

    fn from_str(name: &str) -> Result<Self, IdInvalid> {
        match name.split_once(':') {
            Some(("room", id)) => id.parse().map(Self::Room),
            Some(("user", id)) => id.parse().map(Self::User),
            Some(("presence", id)) => id.parse().map(Self::Presence),
            _ => Err(IdInvalid),
        }
    }
}

/// What channels begin with where keys begin with `prefix`: without the braces of a hash tag. A cluster
/// keeps the keys together by it, and the channels apart, so that all its nodes carry them.
pub(crate) fn channel_prefix(prefix: &str) -> String {
    prefix.replace(['{', '}'], "")
}

#[cfg(test)]
mod tests;
