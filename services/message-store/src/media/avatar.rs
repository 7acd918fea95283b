//! An upload is its owner's avatar. The profile, which says so, belongs to another service: so first the
//! new one is kept, then the profile changes, then the old ones are released. Whatever breaks off in
//! between, the one that the profile names is kept.

use confab_ids::{MediaId, UserId};

use super::IN_USE_MS;
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;

/// Keeps an upload as an avatar, beside others.
///
/// # Errors
/// If there is no such upload of this user that is complete, or it is no image; or the store fails.
pub async fn keep(context: &Context, user: UserId, id: MediaId) -> Result<(), Error> {
    let used = context
        .store
        .use_media((user, id), now_ms(), now_ms() + IN_USE_MS)
        .await?;
    let media = used.ok_or(Error::MediaNotFound)?;
    if !media.is_image() {
        return Err(Invalid::ImageUrl.into());
    }
    if context.store.keep_avatar(user, id).await? {
        Ok(())
    } else {
        Err(Error::MediaNotFound)
    }
}

/// The user has no avatars but this one.
///
/// # Errors
/// If the store fails.
pub async fn release(
    context: &Context,
    user: UserId,
    except: Option<MediaId>,
) -> Result<(), Error> {
    Ok(context
        .store
        .release_avatars(user, except, now_ms())
        .await?)
}
