//! An upload begins, or is given up before it is complete.

use confab_ids::{MediaId, UserId};

use super::{FileName, Media, MediaState};
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;

/// How many uploads of one user may be under way, on all gateways together; those that a crash left
/// count until they are swept.
const MOST_PENDING: u64 = 20;
/// Longer than any address is good to which bytes can be uploaded: until then more may come.
const ADDRESS_MS: i64 = 60 * 60 * 1_000;

/// What is known of an upload at its beginning.
pub struct BeginMedia {
    pub user: UserId,
    pub id: MediaId,
    pub name: FileName,
    pub size_bytes: i64,
    pub direct: bool,
}

/// Makes a record of an upload; the first one, if it is there.
///
/// # Errors
/// If the user has too many that are not complete; if the id is another's; or the store fails.
pub async fn begin(context: &Context, command: BeginMedia) -> Result<Media, Error> {
    if context
        .store
        .count_pending(command.user, MOST_PENDING)
        .await?
        >= MOST_PENDING
    {
        return Err(Error::TooManyUploads);
    }
    let now = now_ms();
    let media = Media {
        id: command.id,
        owner: command.user,
        state: MediaState::Pending,
        name: command.name,
        mime_type: String::new(),
        size_bytes: command.size_bytes,
        width: 0,
        height: 0,
        thumbnail: None,
        created_at_ms: now,
        direct: command.direct,
        avatar: false,
        check_at_ms: now.saturating_add(context.media_orphan_after_ms),
    };
    if context.store.insert_media(&media).await? {
        return Ok(media);
    }
    let there = context.store.find_media(media.id).await?;
    there
        .filter(|there| there.owner == command.user)
        .ok_or(Error::MediaNotFound)
}

/// Gives an upload up that is not complete: its bytes are swept.
///
/// # Errors
/// If the store fails.
pub async fn discard(context: &Context, user: UserId, id: MediaId) -> Result<(), Error> {
    let found = context.store.find_media(id).await?;
    let Some(media) = found.filter(|media| media.owner == user) else {
        return Ok(());
    };
    if media.state != MediaState::Pending {
        return Ok(());
    }
    let when = if media.direct {
        media.created_at_ms + ADDRESS_MS
    } else {
        now_ms()
    };
    context.store.doom(&media, when).await?;
    Ok(())
}
