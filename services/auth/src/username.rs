//! What a username is: 3 to 32 characters that need no escaping anywhere.

use std::str::FromStr;

/// How many characters (all of one byte) a username has at most.
pub const MAX: usize = 32;
/// How many it has at least.
const MIN: usize = 3;

/// A username as its owner writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

/// A text is not a username.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a username is 3 to 32 characters of a-z, A-Z, 0-9, `_`, `.` and `-`")]
pub struct UsernameInvalid;

impl Username {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two usernames are compared: `Ann` and `ann` are one person.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

impl FromStr for Username {
    type Err = UsernameInvalid;

    fn from_str(text: &str) -> Result<Self, UsernameInvalid> {
        let fits = (MIN..=MAX).contains(&text.len());
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        if fits && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(UsernameInvalid)
        }
    }
}

/// Folds a username, or the beginning of one. Usernames are ASCII, so no locale has a say.
pub fn fold(text: &str) -> String {
    text.to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
