//! What can be attached to a message.

use confab_ids::MediaId;

use crate::invalid::Invalid;

/// How many one message may have.
pub const MOST: usize = 10;
const LONGEST_URL: usize = 2_048;
const LONGEST_MIME_TYPE: usize = 127;
const LONGEST_NAME: usize = 255;
/// Pixels, along either side.
const LARGEST_SIDE: i32 = 100_000;

/// Something attached: an upload, or something elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    pub media: Option<MediaId>,
    /// Empty if it is an upload.
    pub url: String,
    pub mime_type: String,
    pub name: String,
    pub size_bytes: i64,
    pub width: i32,
    pub height: i32,
}

impl Attachment {
    /// # Errors
    /// If something about it is missing or out of bounds.
    pub fn check(self) -> Result<Self, Invalid> {
        let elsewhere = self.url.starts_with("https://") || self.url.starts_with("http://");
        if self.media.is_none() && (!elsewhere || self.url.len() > LONGEST_URL) {
            return Err(Invalid::Attachment(
                "an attachment has a mediaId, or an http(s) url of at most 2048 bytes",
            ));
        }
        if self.mime_type.len() > LONGEST_MIME_TYPE || self.name.len() > LONGEST_NAME {
            return Err(Invalid::Attachment(
                "a mime type has at most 127 bytes, a name 255",
            ));
        }
        let sides = 0..=LARGEST_SIDE;
        if self.size_bytes < 0 || !sides.contains(&self.width) || !sides.contains(&self.height) {
            return Err(Invalid::Attachment("an attachment's size is out of range"));
        }
        Ok(self)
    }
}
