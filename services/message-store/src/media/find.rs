//! Who may see an upload.

use confab_ids::{MediaId, UserId};

use super::{Media, MediaState};
use crate::context::Context;
use crate::error::Error;

/// An upload, for somebody who may see it. Nobody is remembered: who was taken out of a room, or whose
/// message was deleted, is refused from that moment on, by every replica.
///
/// # Errors
/// If there is no such upload, or the user may not see it; or the store fails.
pub async fn find(context: &Context, user: UserId, id: MediaId) -> Result<Media, Error> {
    let found = context.store.find_media(id).await?;
    let media = found.ok_or(Error::MediaNotFound)?;
    let own = media.owner == user;
    let may = match media.state {
        MediaState::Doomed => false,
        MediaState::Pending => own,
        MediaState::Ready => own || media.avatar || shown(context, user, id).await?,
    };
    may.then_some(media).ok_or(Error::MediaNotFound)
}

/// Whether the user is in a room that shows it.
async fn shown(context: &Context, user: UserId, id: MediaId) -> Result<bool, Error> {
    let (carrying, pictured) = tokio::try_join!(
        context.store.rooms_carrying(id),
        context.store.rooms_pictured(id),
    )?;
    let rooms = [carrying, pictured].concat();
    Ok(context.store.is_in_one_of(user, &rooms).await?)
}
