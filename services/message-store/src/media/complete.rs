//! An upload is complete: its bytes are stored, and somebody has looked at them.

use confab_ids::{MediaId, UserId};

use super::{Media, MediaState, Thumbnail};
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;

/// What was found in the bytes.
#[derive(Clone, Debug)]
pub struct Found {
    pub mime_type: String,
    pub size_bytes: i64,
    pub width: i32,
    pub height: i32,
    pub thumbnail: Option<Thumbnail>,
}

/// Makes an upload ready; what was found first stays.
///
/// # Errors
/// If there is no such upload of this user, or it was given up; or the store fails.
pub async fn complete(
    context: &Context,
    (user, id): (UserId, MediaId),
    found: Found,
) -> Result<Media, Error> {
    let check_at_ms = now_ms().saturating_add(context.media_orphan_after_ms);
    if let Some(media) = context
        .store
        .complete_media((user, id), &found, check_at_ms)
        .await?
    {
        return Ok(media);
    }
    let there = context.store.find_media(id).await?;
    there
        .filter(|media| media.owner == user && media.state == MediaState::Ready)
        .ok_or(Error::MediaNotFound)
}
