//! An upload as one's avatar: kept before the profile names it, and the one before released after.

use confab_ids::{MediaId, UserId};
use confab_proto::message::{KeepAvatarRequest, ReleaseAvatarsRequest};

use crate::clients::Clients;
use crate::error::Error;

/// A change of avatar that has begun.
#[must_use]
pub enum Change {
    /// The profile stays with the one it has.
    None,
    /// It will name this upload, or something elsewhere.
    To(Option<MediaId>),
}

/// Begins a change to an address, if there is one: if that is an upload it must be the user's own image.
pub async fn begin(
    clients: &Clients,
    user: UserId,
    address: Option<&str>,
) -> Result<Change, Error> {
    let Some(address) = address else {
        return Ok(Change::None);
    };
    let media = MediaId::of_path(address);
    if let Some(id) = media {
        let request = KeepAvatarRequest {
            user_id: user.to_string(),
            media_id: id.to_string(),
        };
        clients.message_store.keep_avatar(request).await?;
    }
    Ok(Change::To(media))
}

impl Change {
    /// The profile has changed. What goes wrong here leaves an upload behind until the next change.
    pub async fn end(self, clients: &Clients, user: UserId) {
        let Self::To(media) = self else {
            return;
        };
        let request = ReleaseAvatarsRequest {
            user_id: user.to_string(),
            except_media_id: media.map(|id| id.to_string()).unwrap_or_default(),
        };
        if let Err(fault) = clients.message_store.release_avatars(request).await {
            tracing::warn!(%fault, "the avatar before is kept, too");
        }
    }
}
