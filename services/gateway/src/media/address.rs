//! Addresses of uploads as clients get them that put an address into an `<img>` and know nothing more: whole
//! where an operator said from where, and signed where nothing else says who is looking.

use std::sync::Arc;
use std::time::Duration;

use confab_chassis::CancellationToken;
use confab_ids::{MediaId, UserId};
use confab_proto::message::Attachment;

use super::links::Links;
use crate::gateway::Gateway;

/// Where uploads are served whatever dialect is at the root.
const NATIVE: &str = "/native";
/// How often the key of the day after next is looked for. There is one at hand for a day.
const PREPARE_EVERY: Duration = Duration::from_secs(3_600);
/// How soon while message-store is away. What is told without a key stays without a picture.
const PREPARE_AGAIN: Duration = Duration::from_millis(250);

/// Sees to it that addresses can be signed at any moment, until `stop`.
pub async fn follow(gateway: Arc<Gateway>, stop: CancellationToken) {
    if gateway.media.objects().is_err() {
        return;
    }
    // Not by the way that clients' calls go: so many questions without an answer would narrow it.
    let store = gateway.rooms.message_store();
    let mut away = false;
    loop {
        let pause = match gateway.media.links.prepare(store).await {
            Ok(()) => {
                if away {
                    tracing::info!("addresses of uploads can be signed again");
                }
                away = false;
                PREPARE_EVERY
            }
            Err(error) => {
                if !away {
                    tracing::warn!(%error, "addresses of uploads cannot be signed for longer");
                }
                away = true;
                PREPARE_AGAIN
            }
        };
        let rest = stop.run_until_cancelled(tokio::time::sleep(pause));
        if rest.await.is_none() {
            return;
        }
    }
}

impl Links {
    /// Where something attached is for this viewer, who needs nothing but the address.
    pub fn shown_to(&self, viewer: UserId, attachment: &Attachment) -> String {
        match attachment.media_id.parse() {
            Ok(media) => self.signed(viewer, media),
            Err(_) => attachment.url.clone(),
        }
    }

    /// Where something attached is behind a door of a dialect that knows who is looking.
    pub fn behind(&self, door: &str, attachment: &Attachment) -> String {
        match attachment.media_id.parse() {
            Ok(media) => self.whole(door, &MediaId::path(media)),
            Err(_) => attachment.url.clone(),
        }
    }

    /// Where somebody's face is. Everybody may see it, so it is signed for who it is: one address for all.
    pub fn face(&self, owner: &str, address: &str) -> String {
        match (owner.parse(), MediaId::of_path(address)) {
            (Ok(owner), Some(media)) => self.signed(owner, media),
            _ => address.to_owned(),
        }
    }

    /// The upload that a client names by the address that it was told.
    pub fn named(&self, door: &str, address: &str) -> Option<MediaId> {
        let path = address.strip_prefix(&self.public_url).unwrap_or(address);
        let (path, _) = path.split_once('?').unwrap_or((path, ""));
        let inner = [door, NATIVE].iter().find_map(|one| path.strip_prefix(one));
        MediaId::of_path(inner.unwrap_or(path))
    }

    fn signed(&self, viewer: UserId, media: MediaId) -> String {
        let address = self.whole(NATIVE, &media.path());
        match self.lasting((viewer, media)) {
            Some(signed) => format!("{address}?{}", signed.query()),
            // The key is not there yet: good for who has a token.
            None => address,
        }
    }

    fn whole(&self, door: &str, path: &str) -> String {
        format!("{}{door}{path}", self.public_url)
    }
}

#[cfg(test)]
mod tests;
