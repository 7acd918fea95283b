//! An upload is a room's image.

use confab_ids::{MediaId, RoomId, UserId};

use super::IN_USE_MS;
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;
use crate::room::ImageUrl;

/// Passes if the user may make this the image of a room: something elsewhere, what the room has
/// already, or an image that they uploaded. Otherwise members could show themselves what is not theirs.
/// Answers the upload that the room has now, if it gets another image.
///
/// # Errors
/// If it is not; or the store fails.
pub async fn check(
    context: &Context,
    (user, room): (UserId, RoomId),
    url: &ImageUrl,
) -> Result<Option<MediaId>, Error> {
    let now = context.store.find_room(room).await?;
    let now = now.ok_or(Error::RoomNotFound)?.image;
    if now == *url {
        return Ok(None);
    }
    if let Some(id) = MediaId::of_path(url.as_str()) {
        let used = context
            .store
            .use_media((user, id), now_ms(), now_ms() + IN_USE_MS)
            .await?;
        if !used.is_some_and(|media| media.is_image()) {
            return Err(Invalid::ImageUrl.into());
        }
    }
    Ok(MediaId::of_path(now.as_str()))
}

/// What was a room's image is none of it any more.
///
/// # Errors
/// If the store fails. It is found without this, only later.
pub async fn release(context: &Context, replaced: Option<MediaId>) -> Result<(), Error> {
    let ids: Vec<MediaId> = replaced.into_iter().collect();
    Ok(context.store.release_media(&ids, now_ms()).await?)
}
