//! An upload that passes through: no more of it is in memory than a few parts, whatever its size.

use std::fmt::Display;

use bytes::Bytes;
use confab_ids::{MediaId, UserId};
use confab_proto::message::{BeginMediaRequest, DiscardMediaRequest, Media};
use futures_util::Stream;

use super::MediaError;
use super::feed::Feed;
use super::finish::{Stored, finish};
use super::sniff::examine;
use super::store::{Object, Objects};
use crate::error::Error;
use crate::gateway::Gateway;

/// What a client says of its upload.
#[derive(Debug, Default)]
pub struct Said {
    pub name: String,
    /// Not trusted, but held against what the bytes are.
    pub mime_type: String,
}

/// Stores what comes, and answers when it is ready. Run it to its end: what breaks off in the middle is
/// cleaned up here.
pub async fn upload<S, E>(
    gateway: &Gateway,
    user: UserId,
    said: Said,
    body: S,
) -> Result<Media, Error>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Display,
{
    let room = &gateway.media;
    let mut feed = Feed::new(body, room.max_bytes, room.stall);
    let outcome = take(gateway, user, said, &mut feed).await;
    if let Err(Error::Media(
        MediaError::Off
        | MediaError::Busy
        | MediaError::TooLarge(_)
        | MediaError::TypeMismatch { .. }
        | MediaError::TypeNotAllowed(_),
    )) = outcome
    {
        feed.in_vain().await;
    }
    outcome
}

async fn take<S, E>(
    gateway: &Gateway,
    user: UserId,
    said: Said,
    feed: &mut Feed<S>,
) -> Result<Media, Error>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Display,
{
    let room = &gateway.media;
    let objects = room.taking()?;
    let _place = room.uploads.try_acquire().map_err(|_| MediaError::Busy)?;
    let head = feed.head().await?;
    let mime_type = examine(&head, &said.mime_type, &room.allowed)?;
    let id = MediaId::generate();
    let begin = BeginMediaRequest {
        user_id: user.to_string(),
        media_id: id.to_string(),
        name: said.name,
        ..BeginMediaRequest::default()
    };
    gateway.clients.message_store.begin_media(begin).await?;
    let stored = async {
        store(objects, id, Object::File, feed).await?;
        let size = feed.came();
        let stored = Stored {
            id,
            mime_type,
            size,
        };
        finish(gateway, user, stored).await
    };
    let outcome = stored.await;
    if outcome.is_err() {
        give_up(gateway, user, id).await;
    }
    outcome
}

/// Writes what comes into an object.
pub async fn store<S, E>(
    objects: &Objects,
    id: MediaId,
    object: Object,
    feed: &mut Feed<S>,
) -> Result<(), MediaError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Display,
{
    let mut writer = objects.writer(id, object);
    loop {
        let written = match feed.take().await {
            Ok(None) => return writer.finish().await,
            Ok(Some(bytes)) => writer.write(bytes).await,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            writer.abort().await;
            return Err(error);
        }
    }
}

/// Nothing will come of this upload. What cannot be cleaned up now is swept.
pub async fn give_up(gateway: &Gateway, user: UserId, id: MediaId) {
    let request = DiscardMediaRequest {
        user_id: user.to_string(),
        media_id: id.to_string(),
    };
    if let Err(fault) = gateway.clients.message_store.discard_media(request).await {
        tracing::warn!(%fault, "an upload that failed is left to the sweep");
    }
}
