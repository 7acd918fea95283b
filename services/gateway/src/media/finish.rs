//! The end of every upload, whichever way it came: if it is an image it is looked at, and then it is
//! ready.

use std::time::Duration;

use confab_ids::{MediaId, UserId};
use confab_proto::message::{CompleteMediaRequest, Media, Thumbnail};
use tokio::time::timeout;

use super::picture::{self, Picture, Smaller};
use super::store::{Object, Objects};
use super::{MediaError, MediaRoom};
use crate::error::Error;
use crate::gateway::Gateway;

/// Images above this are taken as files: they would fill the memory.
const LARGEST_IMAGE: u64 = 20_000_000;
/// How long an image may wait for its turn: each takes a second or two.
const TURN: Duration = Duration::from_secs(30);

/// What is known of the bytes.
pub struct Stored {
    pub id: MediaId,
    pub mime_type: String,
    pub size: u64,
}

/// Makes an upload ready whose bytes are all there.
pub async fn finish(gateway: &Gateway, user: UserId, stored: Stored) -> Result<Media, Error> {
    let objects = gateway.media.taking()?;
    let picture = look(&gateway.media, objects, &stored).await?;
    let mut request = CompleteMediaRequest {
        user_id: user.to_string(),
        media_id: stored.id.to_string(),
        mime_type: stored.mime_type,
        size_bytes: i64::try_from(stored.size).unwrap_or(i64::MAX),
        ..CompleteMediaRequest::default()
    };
    if let Some(picture) = picture {
        let pixels = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
        request.width = pixels(picture.width);
        request.height = pixels(picture.height);
        if let Some(Smaller {
            bytes,
            mime_type,
            width,
            height,
        }) = picture.thumbnail
        {
            request.thumbnail = Some(Thumbnail {
                mime_type: mime_type.to_owned(),
                size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
                width: pixels(width),
                height: pixels(height),
            });
            objects.write(stored.id, Object::Thumbnail, bytes).await?;
        }
    }
    let answer = gateway
        .clients
        .message_store
        .complete_media(request)
        .await?;
    metrics::counter!("confab_gateway_uploads_total").increment(1);
    metrics::counter!("confab_gateway_uploaded_bytes_total").increment(stored.size);
    Ok(answer.media.ok_or(MediaError::NotFound)?)
}

async fn look(
    room: &MediaRoom,
    objects: &Objects,
    stored: &Stored,
) -> Result<Option<Picture>, MediaError> {
    let Some(format) = picture::format(&stored.mime_type) else {
        return Ok(None);
    };
    if stored.size > LARGEST_IMAGE {
        return Ok(None);
    }
    let turn = timeout(TURN, room.inspections.acquire()).await;
    let turn = turn.map_err(|_| MediaError::Busy)?;
    let bytes = objects
        .read(stored.id, Object::File, 0..stored.size)
        .await?;
    let looking = tokio::task::spawn_blocking(move || picture::look(&bytes, format));
    let found = match looking.await {
        Ok(found) => found.map(Some),
        // A decoder that panics has met what no image should be.
        Err(error) => Err(MediaError::Unreadable(error.to_string())),
    };
    drop(turn);
    found
}
