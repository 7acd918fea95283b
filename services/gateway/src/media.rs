//! Uploads: the bytes pass through here or go to the object store directly; what is known of them, and
//! who may see them, is message-store's.

pub mod address;
pub mod avatar;
pub mod config;
pub mod direct;
pub mod download;
pub mod error;
pub mod feed;
mod finish;
pub mod links;
pub mod picture;
pub mod place;
pub mod sniff;
pub mod store;
pub mod sweep;
pub mod upload;

use std::sync::Arc;
use std::time::Duration;

use confab_ids::{MediaId, UserId};
use confab_proto::message::{GetMediaRequest, Media};
use tokio::sync::Semaphore;

pub use config::MediaConfig;
pub use error::MediaError;

use crate::clients::Clients;
use crate::error::Error;
use links::Links;
use place::Place;
use sniff::Allowed;
use store::Objects;

/// How many uploads are looked at at once: each may take 20 MB for its bytes and 256 MB for its pixels.
const INSPECTIONS: usize = 2;
/// How many files are being sent at once: each takes a piece or two of 512 KiB.
const DOWNLOADS: usize = 256;

/// What uploads need.
pub struct MediaRoom {
    /// Where the bytes are; nowhere if no place was configured.
    objects: Option<Objects>,
    takes_uploads: bool,
    /// The most bytes that one may have.
    pub max_bytes: u64,
    /// What they may be.
    pub allowed: Allowed,
    /// How long nothing may come.
    pub stall: Duration,
    /// Signed addresses.
    pub links: Arc<Links>,
    uploads: Arc<Semaphore>,
    downloads: Arc<Semaphore>,
    inspections: Semaphore,
}

impl MediaRoom {
    /// Opens the place that is configured.
    pub fn open(config: &MediaConfig) -> anyhow::Result<Self> {
        let objects = match Place::parse(&config.media_store).map_err(anyhow::Error::msg)? {
            Place::Nowhere => None,
            place => Some(Objects::open(&place, config)?),
        };
        let takes_uploads = config.uploads == config::Uploads::On && objects.is_some();
        if !takes_uploads {
            tracing::info!("uploads are off");
        }
        Ok(Self {
            objects,
            takes_uploads,
            max_bytes: config.media_max_bytes,
            allowed: Allowed::new(&config.media_types),
            stall: config.media_stall_timeout,
            links: Arc::new(Links::new(config.media_url_ttl, config.public_url.clone())),
            uploads: Arc::new(Semaphore::new(config.media_uploads_at_once)),
            downloads: Arc::new(Semaphore::new(DOWNLOADS)),
            inspections: Semaphore::new(INSPECTIONS),
        })
    }

    /// The object store, to put something new there.
    pub fn taking(&self) -> Result<&Objects, MediaError> {
        let objects = self.objects.as_ref().filter(|_| self.takes_uploads);
        objects.ok_or(MediaError::Off)
    }

    /// The object store, to read what is there.
    pub fn objects(&self) -> Result<&Objects, MediaError> {
        self.objects.as_ref().ok_or(MediaError::NotFound)
    }
}

/// An upload, if the user may see it.
pub async fn find(clients: &Clients, user: UserId, id: MediaId) -> Result<Media, Error> {
    let request = GetMediaRequest {
        user_id: user.to_string(),
        media_id: id.to_string(),
    };
    let media = clients.message_store.get_media(request).await?.media;
    Ok(media.ok_or(MediaError::NotFound)?)
}
