//! What a room may be called.

use crate::invalid::Invalid;

const MAX_CHARACTERS: usize = 100;

/// A room's name, at most 100 characters; empty in a room of two and in a group nobody named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoomName(String);

impl RoomName {
    /// White space around it is not part of it.
    ///
    /// # Errors
    /// If it is too long.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let name = text.trim();
        if name.chars().count() > MAX_CHARACTERS {
            return Err(Invalid::RoomName(
                "a room's name has at most 100 characters",
            ));
        }
        Ok(Self(name.to_owned()))
    }

    /// A name that was parsed before.
    #[must_use]
    pub const fn stored(name: String) -> Self {
        Self(name)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
