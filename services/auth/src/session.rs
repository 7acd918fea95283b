//! What a session is: one login of a user, kept alive by a refresh token that changes with each use.

pub mod log_out;
pub mod open;
pub mod refresh;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use confab_ids::SessionId;
use sha2::{Digest as _, Sha256};

use crate::account::Account;

/// A refresh token: which session, and a secret of 32 random bytes in hex. Its `Debug` hides the
/// secret.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub session: SessionId,
    secret: String,
}

/// How many hex digits the secret has.
const SECRET_DIGITS: usize = 64;

/// A text is not a refresh token.
#[derive(Debug, PartialEq, Eq)]
pub struct RefreshTokenMalformed;

/// What a client needs to act as a user.
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    /// How long the access token lives.
    pub expires_in: Duration,
}

/// Somebody who has just shown who they are.
pub struct LoggedIn {
    pub account: Account,
    pub tokens: Tokens,
}

impl RefreshToken {
    /// A new token for a session.
    pub fn generate(session: SessionId) -> Self {
        let secret = rand::random::<[u8; SECRET_DIGITS / 2]>();
        Self {
            session,
            secret: secret.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// The token as its holder carries it.
    pub fn text(&self) -> String {
        format!("{}.{}", self.session, self.secret)
    }

    /// What is stored: who reads the database cannot refresh. A plain hash is enough, because nobody
    /// guesses 256 random bits.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.secret).into()
    }
}

impl FromStr for RefreshToken {
    type Err = RefreshTokenMalformed;

    fn from_str(text: &str) -> Result<Self, RefreshTokenMalformed> {
        let (session, secret) = text.split_once('.').ok_or(RefreshTokenMalformed)?;
        let session = session.parse().map_err(|_| RefreshTokenMalformed)?;
        if secret.len() != SECRET_DIGITS {
            return Err(RefreshTokenMalformed);
        }
        Ok(Self {
            session,
            secret: secret.to_owned(),
        })
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshToken({}, …)", self.session)
    }
}

#[cfg(test)]
mod tests;
