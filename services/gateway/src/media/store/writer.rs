//! An object that is written as its bytes come. What is small goes in one request, what is large in
//! parts; of either only a few parts are ever in memory.

use std::sync::Arc;

use bytes::Bytes;
use object_store::ObjectStore;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use super::{DEADLINE, MediaError, within};

/// The least that S3 takes as a part.
const PART: usize = 5 << 20;
/// Parts on their way, beside the one that is filled.
const AT_ONCE: usize = 2;

/// An unfinished object; nobody sees it until it is finished.
pub struct Writer(BufWriter);

impl Writer {
    pub(super) fn new(store: Arc<dyn ObjectStore>, path: Path) -> Self {
        Self(BufWriter::with_capacity(store, path, PART).with_max_concurrency(AT_ONCE))
    }

    /// Takes more bytes, as fast as the store does.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), MediaError> {
        within(self.0.put(bytes)).await
    }

    /// Makes it seen, whole.
    pub async fn finish(mut self) -> Result<(), MediaError> {
        match timeout(DEADLINE, self.0.shutdown()).await {
            Err(_) => Err(MediaError::StoreTookTooLong(DEADLINE)),
            Ok(Err(error)) => Err(MediaError::Store(Box::new(error))),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// Takes it back. What cannot be taken back goes with the upload when that is swept.
    pub async fn abort(mut self) {
        if let Err(error) = within(self.0.abort()).await {
            tracing::warn!(%error, "an unfinished upload could not be taken back");
        }
    }
}
