//! What people may say about themselves: a name to be seen by, a picture, a few words; and who may see
//! when they were there.

use std::str::FromStr;

use confab_ids::MediaId;
use url::Url;

/// How many characters a display name has at most.
const MAX_NAME_CHARS: usize = 64;
/// How many characters a bio has at most.
const MAX_BIO_CHARS: usize = 500;
/// How many bytes a picture's URL has at most.
const MAX_URL_BYTES: usize = 2_048;

/// What people see instead of the username; empty if not set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisplayName(String);

/// Where a person's picture is; empty if not set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AvatarUrl(String);

/// A few words about oneself; empty if not set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bio(String);

/// Who may see when a user was last seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastSeenVisibility {
    #[default]
    Everyone,
    /// Those who have a room of two with the user; who that is, is not known here.
    Contacts,
    Nobody,
}

/// What shall change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    pub display_name: Option<DisplayName>,
    pub avatar_url: Option<AvatarUrl>,
    pub bio: Option<Bio>,
    pub last_seen_visibility: Option<LastSeenVisibility>,
}

/// A text is not a display name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a display name is at most 64 characters, none of them a control character")]
pub struct DisplayNameInvalid;

/// A text is not a bio.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a bio is at most 500 characters, none of them a control character but the line feed")]
pub struct BioInvalid;

/// A text is not the URL of a picture.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an avatar URL is an upload of yours, or an absolute http or https URL of at most 2048 bytes"
)]
pub struct AvatarUrlInvalid;

impl DisplayName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are searched for.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

/// Folds a display name, or the beginning of one, by Unicode's rules and no language's.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

impl Bio {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AvatarUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DisplayName {
    type Err = DisplayNameInvalid;

    fn from_str(text: &str) -> Result<Self, DisplayNameInvalid> {
        let name = text.trim();
        let fits = name.chars().count() <= MAX_NAME_CHARS;
        if fits && !name.contains(char::is_control) {
            Ok(Self(name.to_owned()))
        } else {
            Err(DisplayNameInvalid)
        }
    }
}

impl FromStr for Bio {
    type Err = BioInvalid;

    fn from_str(text: &str) -> Result<Self, BioInvalid> {
        let bio = text.trim();
        let is_bad = |c: char| c.is_control() && c != '\n';
        if bio.chars().count() <= MAX_BIO_CHARS && !bio.contains(is_bad) {
            Ok(Self(bio.to_owned()))
        } else {
            Err(BioInvalid)
        }
    }
}

impl FromStr for AvatarUrl {
    type Err = AvatarUrlInvalid;

    fn from_str(text: &str) -> Result<Self, AvatarUrlInvalid> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        // Whose upload it is, the gateway has asked.
        if MediaId::of_path(text).is_some() {
            return Ok(Self(text.to_owned()));
        }
        if text.len() > MAX_URL_BYTES || text.contains(|c: char| c.is_control() || c == ' ') {
            return Err(AvatarUrlInvalid);
        }
        // Other schemes run code (`javascript:`) or read files where the page shows the picture.
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(AvatarUrlInvalid),
        }
    }
}

#[cfg(test)]
mod tests;
