//! What an upload is, as far as it is known here: a record of bytes that lie elsewhere.

pub mod attach;
pub mod avatar;
pub mod begin;
pub mod complete;
pub mod find;
pub mod key;
mod name;
pub mod orphan;
pub mod picture;

use confab_ids::{MediaId, UserId};

pub use name::FileName;

/// How long a send may be on its way with what it attaches, and then some: so long nobody takes an
/// upload for an orphan that has just been used. Twice the deadline of the log.
pub const IN_USE_MS: i64 = 16_000;

/// An upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    pub id: MediaId,
    pub owner: UserId,
    pub state: MediaState,
    pub name: FileName,
    /// What the bytes are; empty while pending.
    pub mime_type: String,
    pub size_bytes: i64,
    /// In pixels; 0 if it is no image that could be read.
    pub width: i32,
    pub height: i32,
    pub thumbnail: Option<Thumbnail>,
    pub created_at_ms: i64,
    /// Its bytes come by an address that may be used again for a while.
    pub direct: bool,
    /// Everybody may see it.
    pub avatar: bool,
    /// When to look whether it is an orphan.
    pub check_at_ms: i64,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaState {
    /// Its bytes are on their way.
    Pending,
    /// It can be used.
    Ready,
    /// Its bytes are being removed, and nobody can use it any more.
    Doomed,
}

/// A smaller picture of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    pub mime_type: String,
    pub size_bytes: i64,
    pub width: i32,
    pub height: i32,
}

impl MediaState {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Doomed => "doomed",
        }
    }

    /// The state that a document names; one that a newer version wrote is not to be used.
    #[must_use]
    pub fn stored(word: &str) -> Self {
        match word {
            "pending" => Self::Pending,
            "ready" => Self::Ready,
            _ => Self::Doomed,
        }
    }
}

impl Media {
    #[must_use]
    pub fn is_image(&self) -> bool {
        self.mime_type.starts_with("image/")
    }
}

#[cfg(test)]
mod tests;
