//! What a signing key is: an Ed25519 pair with a name, a place in the order of keys, and a time from which
//! it signs.
//!
//! Nothing switches a key on or off. Its state follows from the clock and from the keys behind it, so the
//! replicas need to agree on one thing alone: which key is the one of a slot, and an index decides that.

pub mod follow;
pub mod list;
pub mod open;
pub mod ring;
pub mod rotate;

use std::fmt;
use std::time::{Duration, SystemTime};

use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use rand::TryRngCore as _;
use sha2::{Digest as _, Sha256};

/// The slot of the first key.
pub const FIRST_SLOT: i64 = 1;

/// A key that signs access tokens. Its `Debug` shows its name only.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    pub slot: i64,
    /// PKCS #8, DER.
    pub private: Vec<u8>,
    pub public: PublicKey,
    /// From when on it signs.
    pub active_from: SystemTime,
    /// How long the longest of its tokens lives.
    pub longest_token: Duration,
}

/// What verifies the tokens of one signing key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The `kid` of the tokens.
    pub id: String,
    pub bytes: [u8; 32],
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Published, so that everybody knows it before its first token is about.
    Next,
    Active,
    /// Signs no more, and verifies until its last token has expired.
    Retired,
}

/// A stored key is none, or its halves do not belong together.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signing key {id} cannot be read")]
pub struct KeyBroken {
    pub id: String,
}

impl SigningKey {
    /// A new key for a slot.
    pub fn generate(slot: i64, active_from: SystemTime, longest_token: Duration) -> Self {
        let mut seed = [0; 32];
        rand::rngs::OsRng
            .try_fill_bytes(&mut seed)
            .expect("the system has random numbers");
        let pair = ed25519_dalek::SigningKey::from_bytes(&seed);
        let private = pair
            .to_pkcs8_der()
            .expect("a key of 32 bytes has a DER form");
        Self {
            slot,
            private: private.as_bytes().to_vec(),
            public: PublicKey::new(pair.verifying_key().to_bytes()),
            active_from,
            longest_token,
        }
    }

    /// Checks that what was stored is a key and that its public half is its own.
    pub fn check(&self) -> Result<(), KeyBroken> {
        match ed25519_dalek::SigningKey::from_pkcs8_der(&self.private) {
            Ok(pair) if pair.verifying_key().to_bytes() == self.public.bytes => Ok(()),
            _ => Err(KeyBroken {
                id: self.public.id.clone(),
            }),
        }
    }
}

impl PublicKey {
    /// A key is named after itself, so no two can be confused.
    fn new(bytes: [u8; 32]) -> Self {
        let id = Sha256::digest(bytes)[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self { id, bytes }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, …)", self.public.id)
    }
}

#[cfg(test)]
mod tests;
