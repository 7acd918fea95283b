//! What a password must be, and the text that never shows itself.

pub mod hasher;

use std::fmt;

/// Shorter ones are guessed.
const MIN_BYTES: usize = 8;
/// bcrypt reads no further: two longer passwords that differ later would be one.
const MAX_BYTES: usize = 72;

/// A password as somebody typed it, good or not. Its `Debug` shows nothing.
#[derive(Clone)]
pub struct Password(String);

/// A text cannot be a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password is 8 to 72 bytes of UTF-8 without a NUL")]
pub struct PasswordInvalid;

impl Password {
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// Whether this can become somebody's password.
    pub fn check(&self) -> Result<(), PasswordInvalid> {
        if self.0.len() >= MIN_BYTES && self.is_distinct() {
            Ok(())
        } else {
            Err(PasswordInvalid)
        }
    }

    /// Whether bcrypt tells this text from every other: it stops at 72 bytes, and since it repeats the
    /// text with a NUL behind it, `ab` and `ab\0ab` are the same to it.
    fn is_distinct(&self) -> bool {
        self.0.len() <= MAX_BYTES && !self.0.contains('\0')
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests;
