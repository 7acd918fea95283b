//! By what somebody who logs in names their account.

use crate::email::Email;
use crate::username::Username;

/// A name for an account.
#[derive(Debug)]
pub enum Login {
    Username(Username),
    Email(Email),
    /// Neither, so nobody's; who asks is told no more than that the credentials are wrong.
    Nobody,
}

impl Login {
    /// Reads a username or an e-mail address, told apart by the `@`.
    pub fn read(text: &str) -> Self {
        if text.contains('@') {
            text.parse().map_or(Self::Nobody, Self::Email)
        } else {
            text.parse().map_or(Self::Nobody, Self::Username)
        }
    }
}

#[cfg(test)]
mod tests;
