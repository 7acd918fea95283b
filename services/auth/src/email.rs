//! What an e-mail address is: enough of a check to catch a slip, none that refuses a real address.

use std::fmt;
use std::str::FromStr;

/// The longest address that mail can be sent to (RFC 5321, erratum 1690).
const MAX_BYTES: usize = 254;

/// An e-mail address as its owner writes it. Its `Debug` shows nothing: an address is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

/// A text is not an e-mail address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an e-mail address has one `@` with text on both sides, no spaces, and at most 254 bytes")]
pub struct EmailInvalid;

impl Email {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two addresses are compared.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

impl FromStr for Email {
    type Err = EmailInvalid;

    fn from_str(text: &str) -> Result<Self, EmailInvalid> {
        let forbidden = |c: char| c.is_whitespace() || c.is_control();
        match text.split_once('@') {
            Some((local, domain))
                if !local.is_empty()
                    && !domain.is_empty()
                    && !domain.contains('@')
                    && text.len() <= MAX_BYTES
                    && !text.contains(forbidden) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(EmailInvalid),
        }
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// Folds an address. By the letter of the standard the part before the `@` minds its case; no provider
/// does, and two accounts that differ in it are one person's slip.
pub fn fold(address: &str) -> String {
    address.to_lowercase()
}

#[cfg(test)]
mod tests;
