//! Removing the bytes of uploads that nothing refers to. message-store says which, and gives each to one
//! gateway at a time; whatever is interrupted is handed out again.

use std::sync::Arc;
use std::time::Duration;

use confab_chassis::CancellationToken;
use confab_ids::MediaId;
use confab_proto::message::{RemoveMediaRequest, TakeOrphansRequest};

use crate::error::Error;
use crate::gateway::Gateway;

/// Few enough to be removed within their lease, one after the other.
const BATCH: i32 = 100;

/// Sweeps every so often until `stop`.
pub async fn follow(gateway: Arc<Gateway>, every: Duration, stop: CancellationToken) {
    if gateway.media.objects().is_err() {
        return;
    }
    while stop
        .run_until_cancelled(tokio::time::sleep(every))
        .await
        .is_some()
    {
        if let Err(error) = sweep(&gateway).await {
            tracing::warn!(%error, "uploads that nothing refers to wait longer");
        }
    }
}

async fn sweep(gateway: &Gateway) -> Result<(), Error> {
    let objects = gateway.media.objects()?;
    loop {
        let request = TakeOrphansRequest { limit: BATCH };
        let orphans = gateway.clients.message_store.take_orphans(request).await?;
        let mut gone = Vec::with_capacity(orphans.media_ids.len());
        for id in orphans.media_ids {
            let Ok(media) = id.parse::<MediaId>() else {
                continue;
            };
            match objects.remove_all(media).await {
                Ok(()) => gone.push(id),
                Err(error) => {
                    tracing::warn!(%error, media.id = id, "an orphan could not be removed")
                }
            }
        }
        if !gone.is_empty() {
            metrics::counter!("confab_gateway_uploads_swept_total").increment(gone.len() as u64);
            let request = RemoveMediaRequest { media_ids: gone };
            gateway.clients.message_store.remove_media(request).await?;
        }
        if orphans.examined < BATCH {
            return Ok(());
        }
    }
}
