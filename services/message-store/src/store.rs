//! MongoDB, and nothing but MongoDB: no other module names the driver.
//!
//! All writes are acknowledged by a majority with their journals, and all reads see only what a
//! majority has, at the primary whatever the URI prefers. So nothing that was ever read here can be lost
//! again by a failover: a head that was read exists, and a message that was shown stays.

mod absence;
mod changes;
mod deadline;
mod documents;
mod failure;
mod indexes;
mod media;
mod media_uses;
mod members;
mod messages;
mod receipts;
mod records;
mod rooms;
mod search;
mod steps;
mod trims;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mongodb::event::EventHandler;
use mongodb::event::cmap::CmapEvent;
use mongodb::options::{
    Acknowledgment, ClientOptions, CollectionOptions, ReadConcern, ReadPreference,
    SelectionCriteria, WriteConcern,
};
use mongodb::{Client, Collection, Database};

pub use failure::{StoreError, chain};
pub use messages::{Encoded, Logged, Stopped};
pub use rooms::Inserted;
pub use search::{Mark, Range, SearchDocument, day_of};

use absence::Absence;
use changes::HiddenDocument;
use documents::{MemberDocument, RoomDocument};
use media::MediaDocument;
use media_uses::KeyDocument;
use records::RecordDocument;

/// The whole process shares them: each connection costs the server a megabyte or more.
const MAX_CONNECTIONS: u32 = 32;
/// How long a start waits for the store to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two attempts to reach it.
const PAUSE: Duration = Duration::from_millis(500);

/// The database. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    client: Client,
    database: Database,
    rooms: Collection<RoomDocument>,
    members: Collection<MemberDocument>,
    messages: Collection<RecordDocument>,
    hidden: Collection<HiddenDocument>,
    search: Collection<SearchDocument>,
    media: Collection<MediaDocument>,
    media_keys: Collection<KeyDocument>,
    outages: Arc<AtomicU64>,
    absence: Arc<Absence>,
}

impl Store {
    /// Reaches the database within half a minute and creates what indexes are missing.
    ///
    /// # Errors
    /// If the URI cannot be read, or the store does not answer in time.
    pub async fn open(uri: &str, database: &str) -> Result<Self, StoreError> {
        let mut options = ClientOptions::parse(uri).await.map_err(StoreError::from)?;
        options
            .app_name
            .get_or_insert_with(|| "confab-message-store".to_owned());
        options.max_pool_size.get_or_insert(MAX_CONNECTIONS);
        options
            .connect_timeout
            .get_or_insert(Duration::from_secs(2));
        options
            .server_selection_timeout
            .get_or_insert(Duration::from_secs(2));
        // The driver's ten seconds are how late it may find out that a server is back.
        options.heartbeat_freq.get_or_insert(Duration::from_secs(1));
        let outages = Arc::new(AtomicU64::new(0));
        let counter = outages.clone();
        options.cmap_event_handler = Some(EventHandler::callback(move |event| {
            if matches!(event, CmapEvent::PoolCleared(_)) {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }));
        let client = Client::with_options(options).map_err(StoreError::from)?;
        let store = Self::of(client, database, outages);
        store.wait().await?;
        store.create_indexes().await?;
        Ok(store)
    }

    fn of(client: Client, name: &str, outages: Arc<AtomicU64>) -> Self {
        let database = client.database(name);
        let options = CollectionOptions::builder()
            .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary))
            .read_concern(ReadConcern::majority())
            .write_concern(acknowledged())
            .build();
        Self {
            rooms: database.collection_with_options("rooms", options.clone()),
            members: database.collection_with_options("members", options.clone()),
            messages: database.collection_with_options("messages", options.clone()),
            hidden: database.collection_with_options("hidden", options.clone()),
            search: database.collection_with_options("search", options.clone()),
            media: database.collection_with_options("media", options.clone()),
            media_keys: database.collection_with_options("media_keys", options),
            client,
            database,
            outages,
            absence: Arc::default(),
        }
    }

    async fn wait(&self) -> Result<(), StoreError> {
        let until = Instant::now() + PATIENCE;
        loop {
            let ping = self.database.run_command(mongodb::bson::doc! { "ping": 1 });
            match self.within(ping).await {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() > until || !error.is_passing() => return Err(error),
                Err(error) => {
                    tracing::warn!(error = chain(&error), "the store does not answer yet");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Whether the store is known to be away, and nothing would even be tried.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.absence.is_known()
    }

    /// How often connections were lost so far. What was known of the store before may be wrong after.
    #[must_use]
    pub fn outages(&self) -> u64 {
        self.outages.load(Ordering::Relaxed)
    }

    /// Closes all connections.
    pub async fn close(self) {
        let closing = self.client.shutdown().immediate(true);
        if tokio::time::timeout(Duration::from_secs(2), closing)
            .await
            .is_err()
        {
            tracing::debug!("connections to the store are left to close by themselves");
        }
    }
}

/// What "durable" means: a majority has it in its journal.
fn acknowledged() -> WriteConcern {
    WriteConcern::builder()
        .w(Acknowledgment::Majority)
        .journal(true)
        .build()
}
