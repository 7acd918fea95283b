//! The object store: a folder, or something that speaks S3. No other module names the library.
//!
//! Each upload has up to three objects below a key of its own: what came in by itself and nobody has
//! looked at, the file, and its thumbnail. A file never changes once it is there.

mod connector;
mod presign;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use confab_ids::MediaId;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, RetryConfig};
use tokio::time::timeout;

use super::MediaError;
use super::config::MediaConfig;
use super::place::{Bucket, Place};
use connector::Connector;
pub use writer::Writer;

/// One request with its repetitions; five megabytes go up in it on a slow line, too.
const DEADLINE: Duration = Duration::from_secs(30);
/// How often a request is made again that a server failed at.
const RETRIES: usize = 3;
/// No new attempt after this.
const RETRY_FOR: Duration = Duration::from_secs(15);

/// One object of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// Came in by itself.
    Incoming,
    /// The file.
    File,
    Thumbnail,
}

/// Where all uploads are.
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    /// What every key begins with.
    prefix: String,
    kind: Kind,
}

enum Kind {
    Folder(PathBuf),
    Bucket {
        s3: Arc<AmazonS3>,
        region: String,
        /// Where clients reach it.
        public_url: Option<String>,
    },
}

impl Objects {
    /// Opens a place; a folder is made if it is not there.
    pub fn open(place: &Place, config: &MediaConfig) -> anyhow::Result<Self> {
        match place {
            Place::Nowhere => anyhow::bail!("MEDIA_STORE: no place"),
            Place::Folder(folder) => Self::folder(folder),
            Place::Bucket(bucket) => Self::bucket(bucket, config),
        }
    }

    fn folder(folder: &PathBuf) -> anyhow::Result<Self> {
        let problem = || format!("MEDIA_STORE: {} cannot be used", folder.display());
        std::fs::create_dir_all(folder).with_context(problem)?;
        let root = folder.canonicalize().with_context(problem)?;
        // On disk before anybody is told that it is there.
        let store = LocalFileSystem::new_with_prefix(&root)
            .with_context(problem)?
            .with_fsync(true);
        Ok(Self {
            store: Arc::new(store),
            prefix: String::new(),
            kind: Kind::Folder(root),
        })
    }

    fn bucket(bucket: &Bucket, config: &MediaConfig) -> anyhow::Result<Self> {
        let plain = bucket
            .endpoint
            .as_ref()
            .is_some_and(|url| url.starts_with("http:"));
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            // Over TLS nothing is gained by a hash of each body.
            .with_unsigned_payload(!plain)
            .with_allow_http(plain)
            .with_http_connector(if plain {
                Connector::Plain
            } else {
                Connector::Secure
            })
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: RETRY_FOR,
                ..RetryConfig::default()
            });
        builder = match &bucket.endpoint {
            Some(endpoint) => builder.with_endpoint(endpoint),
            None => builder.with_virtual_hosted_style_request(true),
        };
        if !config.aws_access_key_id.expose().is_empty() {
            builder = builder
                .with_access_key_id(config.aws_access_key_id.expose())
                .with_secret_access_key(config.aws_secret_access_key.expose());
        }
        let s3 = Arc::new(
            builder
                .build()
                .context("MEDIA_STORE: the bucket cannot be used")?,
        );
        Ok(Self {
            store: s3.clone(),
            prefix: bucket.prefix.clone(),
            kind: Kind::Bucket {
                s3,
                region: bucket.region.clone(),
                public_url: bucket.public_url(),
            },
        })
    }

    /// An object that is written as its bytes come.
    pub fn writer(&self, id: MediaId, object: Object) -> Writer {
        Writer::new(self.store.clone(), self.path(id, object))
    }

    /// Writes an object at once.
    pub async fn write(&self, id: MediaId, object: Object, bytes: Bytes) -> Result<(), MediaError> {
        let path = self.path(id, object);
        within(self.store.put(&path, bytes.into())).await.map(drop)
    }

    /// A part of an object, which must have it.
    pub async fn read(
        &self,
        id: MediaId,
        object: Object,
        range: std::ops::Range<u64>,
    ) -> Result<Bytes, MediaError> {
        within(self.store.get_range(&self.path(id, object), range)).await
    }

    /// How many bytes an object has.
    pub async fn size(&self, id: MediaId, object: Object) -> Result<u64, MediaError> {
        Ok(within(self.store.head(&self.path(id, object))).await?.size)
    }

    /// Makes what came in the file: a copy, for by the address it came to more may come.
    pub async fn adopt(&self, id: MediaId) -> Result<(), MediaError> {
        let (from, to) = (self.path(id, Object::Incoming), self.path(id, Object::File));
        within(self.store.copy(&from, &to)).await
    }

    /// Removes one object; nothing if it is not there.
    pub async fn remove(&self, id: MediaId, object: Object) -> Result<(), MediaError> {
        match within(self.store.delete(&self.path(id, object))).await {
            Err(MediaError::NotFound) => Ok(()),
            outcome => outcome,
        }
    }

    /// Removes all objects of an upload, and what a crash has left of them.
    pub async fn remove_all(&self, id: MediaId) -> Result<(), MediaError> {
        if let Kind::Folder(root) = &self.kind {
            // With its unfinished files, which the library does not show.
            let folder = root.join(key(id));
            return match timeout(DEADLINE, tokio::fs::remove_dir_all(folder)).await {
                Err(_) => Err(MediaError::StoreTookTooLong(DEADLINE)),
                Ok(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(MediaError::Store(Box::new(error)))
                }
                Ok(_) => Ok(()),
            };
        }
        for object in [Object::Incoming, Object::File, Object::Thumbnail] {
            self.remove(id, object).await?;
        }
        Ok(())
    }

    /// An address by which a client may upload exactly so many bytes to the store itself; none if it
    /// cannot reach it.
    pub async fn direct_url(
        &self,
        id: MediaId,
        bytes: u64,
        good_for: Duration,
    ) -> Result<Option<String>, MediaError> {
        let Kind::Bucket {
            s3,
            region,
            public_url: Some(url),
        } = &self.kind
        else {
            return Ok(None);
        };
        let credential = within(s3.credentials().get_credential()).await?;
        let request = presign::Put {
            url: format!("{url}/{}", self.path(id, Object::Incoming)),
            content_length: bytes,
            region: region.clone(),
            expires_in: good_for,
            at: std::time::SystemTime::now(),
        };
        let keys = presign::Keys {
            id: credential.key_id.clone(),
            secret: credential.secret_key.clone(),
            token: credential.token.clone(),
        };
        Ok(Some(request.signed(&keys)))
    }

    fn path(&self, id: MediaId, object: Object) -> Path {
        let name = match object {
            Object::Incoming => "incoming",
            Object::File => "file",
            Object::Thumbnail => "thumbnail",
        };
        Path::from(format!("{}/{}/{name}", self.prefix, key(id)))
    }
}

/// In 256 folders: a folder of a million is slow, and the last digits of an id count up.
fn key(id: MediaId) -> String {
    let id = id.to_string();
    format!("{}/{id}", &id[id.len() - 2..])
}

/// Nothing waits for the object store for longer than its deadline.
async fn within<T>(
    operation: impl Future<Output = object_store::Result<T>>,
) -> Result<T, MediaError> {
    match timeout(DEADLINE, operation).await {
        Err(_) => Err(MediaError::StoreTookTooLong(DEADLINE)),
        Ok(outcome) => outcome.map_err(failed),
    }
}

fn failed(error: object_store::Error) -> MediaError {
    match error {
        object_store::Error::NotFound { .. } => MediaError::NotFound,
        other => MediaError::Store(Box::new(other)),
    }
}
