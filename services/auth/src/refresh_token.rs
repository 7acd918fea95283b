//! What a refresh token is: which session it belongs to, a secret, and a mark of its family.
//!
//! The secret of each token but the first follows from the one before it and a random number that is
//! kept with the session. So who holds a spent token can be given the very token that came of it, though
//! only hashes are stored; and who reads the database can make none. The mark tells a token that the
//! session once had from a guess, however long ago it was spent.

use std::fmt;
use std::str::FromStr;

use confab_ids::SessionId;
use sha2::{Digest as _, Sha256};

/// How many bytes the secret has: nobody guesses 256 bits.
const SECRET: usize = 32;
/// How many bytes the mark has. Who forges one gains the end of a session, nothing else.
const MARK: usize = 8;

/// The random number that all marks of one session are made with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Family([u8; 32]);

/// The random number that leads from one secret to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step([u8; 32]);

/// A refresh token. Its `Debug` hides the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub session: SessionId,
    secret: [u8; SECRET],
    mark: [u8; MARK],
}

/// A text is not a refresh token.
#[derive(Debug, PartialEq, Eq)]
pub struct RefreshTokenMalformed;

impl Family {
    pub fn generate() -> Self {
        Self(rand::random())
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn mark(&self, secret: &[u8; SECRET]) -> [u8; MARK] {
        let digest = Sha256::new_with_prefix(b"confab refresh token family")
            .chain_update(self.0)
            .chain_update(secret)
            .finalize();
        std::array::from_fn(|at| digest[at])
    }
}

impl Step {
    pub fn generate() -> Self {
        Self(rand::random())
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Family {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl From<[u8; 32]> for Step {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl RefreshToken {
    /// The first token of a session.
    pub fn first(session: SessionId, family: &Family) -> Self {
        Self::with(session, family, rand::random())
    }

    /// The token that comes of spending this one.
    pub fn next(&self, family: &Family, step: &Step) -> Self {
        let secret = Sha256::new_with_prefix(b"confab refresh token step")
            .chain_update(self.secret)
            .chain_update(step.0)
            .finalize();
        Self::with(self.session, family, secret.into())
    }

    fn with(session: SessionId, family: &Family, secret: [u8; SECRET]) -> Self {
        Self {
            session,
            secret,
            mark: family.mark(&secret),
        }
    }

    /// Whether the session once had this token, or has it.
    pub fn is_of(&self, family: &Family) -> bool {
        family.mark(&self.secret) == self.mark
    }

    /// The token as its holder carries it.
    pub fn text(&self) -> String {
        format!("{}.{}{}", self.session, hex(&self.secret), hex(&self.mark))
    }

    /// What is stored: who reads the database cannot refresh. A plain hash is enough, because nobody
    /// guesses 256 random bits.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::new_with_prefix(b"confab refresh token")
            .chain_update(self.secret)
            .finalize()
            .into()
    }
}

impl FromStr for RefreshToken {
    type Err = RefreshTokenMalformed;

    fn from_str(text: &str) -> Result<Self, RefreshTokenMalformed> {
        let (session, rest) = text.split_once('.').ok_or(RefreshTokenMalformed)?;
        let session = session.parse().map_err(|_| RefreshTokenMalformed)?;
        let (secret, mark) = rest
            .split_at_checked(2 * SECRET)
            .ok_or(RefreshTokenMalformed)?;
        Ok(Self {
            session,
            secret: bytes(secret).ok_or(RefreshTokenMalformed)?,
            mark: bytes(mark).ok_or(RefreshTokenMalformed)?,
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    if hex.len() != 2 * N || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshToken({}, …)", self.session)
    }
}

#[cfg(test)]
mod tests;
