//! Where a room's image is.

use crate::invalid::Invalid;

const LONGEST: usize = 2_048;

/// The address of an image: http, https, or a path on the gateway; empty if there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageUrl(String);

impl ImageUrl {
    /// # Errors
    /// If it is too long, or not an address.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        let path = text.starts_with('/') && !text.starts_with("//");
        let elsewhere = text.starts_with("https://") || text.starts_with("http://");
        if text.len() <= LONGEST && (text.is_empty() || path || elsewhere) {
            Ok(Self(text))
        } else {
            Err(Invalid::ImageUrl)
        }
    }

    /// An address that was parsed before.
    #[must_use]
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
