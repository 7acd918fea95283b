//! Uploads that nothing refers to.
//!
//! Whether something does is never counted, but looked up: in messages, in rooms, in the upload itself.
//! So nothing that breaks off, and no way in which messages may disappear, leaves an orphan for ever.
//! Each record has a time at which to look; a state that changed since it was read, or a time that was
//! moved because somebody uses it, keeps it from being taken.

use confab_ids::MediaId;

use super::{Media, MediaState};
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;

/// How long the one who removes the bytes has for it.
const LEASE_MS: i64 = 5 * 60 * 1_000;
/// When to look again at what is referred to; who stops referring says so, mostly.
const AGAIN_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// What came of one look.
#[derive(Debug, Default)]
pub struct Orphans {
    pub ids: Vec<MediaId>,
    pub examined: usize,
}

/// Takes orphans out of use and answers them, each to one caller for the time of a lease.
///
/// # Errors
/// If the store fails. What was taken until then is answered when its lease is over.
pub async fn take(context: &Context, limit: usize) -> Result<Orphans, Error> {
    context
        .store
        .forget_url_keys(super::key::today() - 1)
        .await?;
    let due = context.store.due_media(now_ms(), limit).await?;
    let mut orphans = Orphans {
        examined: due.len(),
        ..Orphans::default()
    };
    for media in due {
        if in_use(context, &media).await? {
            context
                .store
                .look_again(&media, now_ms() + AGAIN_MS)
                .await?;
        } else if context.store.doom(&media, now_ms() + LEASE_MS).await? {
            orphans.ids.push(media.id);
        }
    }
    Ok(orphans)
}

async fn in_use(context: &Context, media: &Media) -> Result<bool, Error> {
    match media.state {
        MediaState::Pending | MediaState::Doomed => Ok(false),
        MediaState::Ready if media.avatar => Ok(true),
        MediaState::Ready => {
            let (carrying, pictured) = tokio::try_join!(
                context.store.rooms_carrying(media.id),
                context.store.rooms_pictured(media.id),
            )?;
            Ok(!carrying.is_empty() || !pictured.is_empty())
        }
    }
}
