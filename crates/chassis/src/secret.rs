//! Configuration values that no log may show.

use std::fmt;
use std::str::FromStr;

/// A secret text: a password, a URI with a password in it. Its `Debug` and `Display` show nothing.
///
/// Written as `file:/path` it is read from that file, which is how Kubernetes mounts secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret from its text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself: for the one call that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("file:") {
            Some(path) => std::fs::read_to_string(path)
                .map(|content| Self(content.trim_end().to_owned()))
                .map_err(|error| format!("cannot read the secret from {path}: {error}")),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests;
