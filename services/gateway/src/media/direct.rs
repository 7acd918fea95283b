//! An upload that goes past the API: to the object store itself where clients reach it, and else to an
//! address of the gateway that looks the same to them. It comes in beside the file, and becomes it when
//! it has been looked at: by its address more may come, after it was found good.

use std::fmt::Display;

use bytes::Bytes;
use confab_ids::{MediaId, UserId};
use confab_proto::message::{BeginMediaRequest, Media, MediaState};
use futures_util::Stream;
use serde::Deserialize;
use utoipa::ToSchema;

use super::feed::{Feed, HEAD};
use super::finish::{Stored, finish};
use super::links::Purpose;
use super::sniff::examine;
use super::store::Object;
use super::upload::{give_up, store};
use super::{MediaError, find};
use crate::error::Error;
use crate::gateway::Gateway;

/// What a client announces.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[schema(as = AnnounceBody)]
pub struct Announce {
    #[serde(default)]
    pub name: String,
    /// In bytes.
    #[schema(minimum = 1)]
    pub size: u64,
}

/// An upload that may come now.
pub struct Expected {
    pub media: Media,
    /// Where to: absolute, or a path of the gateway.
    pub url: String,
}

/// Answers where an upload of exactly this size may go.
pub async fn expect(
    gateway: &Gateway,
    user: UserId,
    Announce { name, size }: Announce,
) -> Result<Expected, Error> {
    let room = &gateway.media;
    let objects = room.taking()?;
    if size == 0 {
        return Err(MediaError::Empty.into());
    }
    if size > room.max_bytes {
        return Err(MediaError::TooLarge(room.max_bytes).into());
    }
    let id = MediaId::generate();
    let begin = BeginMediaRequest {
        user_id: user.to_string(),
        media_id: id.to_string(),
        name,
        size_bytes: i64::try_from(size).unwrap_or(i64::MAX),
        direct: true,
    };
    let begun = gateway.clients.message_store.begin_media(begin).await?;
    let url = match objects.direct_url(id, size, room.links.ttl).await? {
        Some(url) => url,
        None => {
            let whose = (user, id);
            let signed = room.links.sign(&gateway.clients, Purpose::Upload, whose);
            format!("{}/content?{}", id.path(), signed.await?.query())
        }
    };
    Ok(Expected {
        media: begun.media.ok_or(MediaError::NotFound)?,
        url,
    })
}

/// Takes an upload that comes to the gateway's own address.
pub async fn receive<S, E>(
    gateway: &Gateway,
    (user, id): (UserId, MediaId),
    body: S,
) -> Result<(), Error>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Display,
{
    let room = &gateway.media;
    let objects = room.taking()?;
    let _place = room.uploads.try_acquire().map_err(|_| MediaError::Busy)?;
    let announced = pending(gateway, user, id).await?;
    let mut feed = Feed::new(body, announced, room.stall);
    let outcome = store(objects, id, Object::Incoming, &mut feed).await;
    let came = feed.came();
    match outcome {
        Err(MediaError::TooLarge(_)) => {
            feed.in_vain().await;
            Err(MediaError::SizeMismatch { announced, came }.into())
        }
        Ok(()) if came != announced => {
            objects.remove(id, Object::Incoming).await?;
            Err(MediaError::SizeMismatch { announced, came }.into())
        }
        outcome => Ok(outcome?),
    }
}

/// Looks at what has come; answers it again if that was done before.
pub async fn complete(gateway: &Gateway, user: UserId, id: MediaId) -> Result<Media, Error> {
    let media = find(&gateway.clients, user, id).await?;
    if media.owner_id != user.to_string() {
        return Err(MediaError::NotFound.into());
    }
    if media.state() == MediaState::Ready {
        return Ok(media);
    }
    let objects = gateway.media.taking()?;
    match objects.adopt(id).await {
        Err(MediaError::NotFound) => return Err(MediaError::Missing.into()),
        outcome => outcome?,
    }
    let looked_at = look(gateway, user, &media, id).await;
    match &looked_at {
        Ok(_) => {
            if let Err(error) = objects.remove(id, Object::Incoming).await {
                tracing::warn!(%error, "what came in is left beside its upload");
            }
        }
        // Another attempt may succeed.
        Err(
            Error::Peer(_)
            | Error::Media(MediaError::Store(_) | MediaError::StoreTookTooLong(_) | MediaError::Busy),
        ) => {}
        Err(_) => {
            give_up(gateway, user, id).await;
            if let Err(error) = objects.remove_all(id).await {
                tracing::warn!(%error, "an upload that was refused is left to the sweep");
            }
        }
    }
    looked_at
}

async fn look(gateway: &Gateway, user: UserId, media: &Media, id: MediaId) -> Result<Media, Error> {
    let objects = gateway.media.taking()?;
    let came = objects.size(id, Object::File).await?;
    let announced = u64::try_from(media.size_bytes).unwrap_or_default();
    if came != announced {
        return Err(MediaError::SizeMismatch { announced, came }.into());
    }
    let head = objects
        .read(id, Object::File, 0..came.min(HEAD as u64))
        .await?;
    let stored = Stored {
        id,
        mime_type: examine(&head, "", &gateway.media.allowed)?,
        size: came,
    };
    finish(gateway, user, stored).await
}

/// The size that was announced of an upload that may still come.
async fn pending(gateway: &Gateway, user: UserId, id: MediaId) -> Result<u64, Error> {
    let media = find(&gateway.clients, user, id).await?;
    if media.state() != MediaState::Pending {
        return Err(MediaError::NotPending.into());
    }
    // An upload that passes through announces nothing, and cannot come this way.
    match u64::try_from(media.size_bytes) {
        Ok(size) if size > 0 => Ok(size),
        _ => Err(MediaError::NotFound.into()),
    }
}
