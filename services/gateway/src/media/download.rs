//! A file on its way to a client: piece by piece, as the client takes them. A piece is a request of its
//! own to the store, so no connection to it waits for a slow client.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use confab_ids::MediaId;
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::MediaError;
use super::store::Object;
use crate::gateway::Gateway;

/// Large enough to cost little, small enough to have two of it for every client.
const PIECE: u64 = 512 << 10;
/// How long a client may take for a piece: a line of 10 KB a second.
const PATIENCE: Duration = Duration::from_secs(60);

/// Part of an object, as a stream. Its first piece is read before this answers, so that what is not
/// there is known before anything was said.
pub async fn download(
    gateway: &Arc<Gateway>,
    id: MediaId,
    object: Object,
    range: Range<u64>,
) -> Result<impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static, MediaError> {
    let place = gateway.media.downloads.clone().try_acquire_owned();
    let place = place.map_err(|_| MediaError::Busy)?;
    let first = piece(&range, range.start);
    let bytes = gateway
        .media
        .objects()?
        .read(id, object, first.clone())
        .await?;
    let (sender, receiver) = mpsc::channel(1);
    let gateway = gateway.clone();
    tokio::spawn(async move {
        let _place = place;
        let mut next = Ok(bytes);
        let mut at = first.end;
        loop {
            let goes_on = next.is_ok() && at < range.end;
            match timeout(PATIENCE, sender.send(next)).await {
                Ok(Ok(())) if goes_on => {}
                // It was all, or the client has gone, or takes nothing.
                _ => return,
            }
            let piece = piece(&range, at);
            at = piece.end;
            next = match gateway.media.objects() {
                Ok(objects) => objects.read(id, object, piece).await,
                Err(error) => Err(error),
            }
            .map_err(std::io::Error::other);
        }
    });
    let stream = unfold(receiver, |mut receiver| async move {
        let piece = receiver.recv().await?;
        Some((piece, receiver))
    });
    Ok(stream)
}

fn piece(range: &Range<u64>, at: u64) -> Range<u64> {
    at..(at + PIECE).min(range.end)
}
