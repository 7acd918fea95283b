//! The way to MongoDB: how it is named, and patience while it starts.

use std::future::IntoFuture as _;
use std::time::Duration;

use anyhow::Context as _;
use confab_chassis::Secret;
use mongodb::bson::doc;
use mongodb::options::{
    Acknowledgment, ClientOptions, ConnectionString, ReadPreference, SelectionCriteria,
    WriteConcern,
};
use mongodb::{Client, Database};
use tokio::time::Instant;

use super::calls::Calls;
use super::{Store, indexes};

/// How long a start waits for the database: a cluster that starts as a whole needs some of it.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);
/// How long it rests between two attempts.
const REST: Duration = Duration::from_millis(500);
/// Finding a server must end before a call's deadline does, so that the caller hears the true reason.
const SELECTION: Duration = Duration::from_secs(3);
/// Hashing bounds the logins in flight; the rest are short reads. Each connection costs the server 1 MB.
const POOL: u32 = 16;

/// Whether a text is a MongoDB connection string. What exactly is wrong is not said: the driver's
/// message may quote the password.
pub fn is_uri(uri: &Secret) -> bool {
    ConnectionString::parse(uri.expose()).is_ok()
}

/// Whether a text can name a database.
pub fn is_database_name(name: &str) -> bool {
    (1..=63).contains(&name.len()) && !name.contains(['/', '\\', '.', ' ', '"', '$', '\0'])
}

impl Store {
    /// Connects, waits until the database answers, and creates the indexes.
    pub async fn open(uri: &Secret, database: &str) -> anyhow::Result<Self> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match attempt(uri, database).await {
                Ok((store, database)) => {
                    indexes::create(&database).await?;
                    return Ok(store);
                }
                Err(error) if Instant::now() + REST < deadline => {
                    tracing::warn!(error = format!("{error:#}"), "waiting for MongoDB");
                    tokio::time::sleep(REST).await;
                }
                Err(error) => {
                    return Err(error.context(format!(
                        "MongoDB did not answer for {PATIENCE:?}: is MONGODB_URI right, and is it up?"
                    )));
                }
            }
        }
    }
}

async fn attempt(uri: &Secret, database: &str) -> anyhow::Result<(Store, Database)> {
    let options = tokio::time::timeout(ATTEMPT, ClientOptions::parse(uri.expose()).into_future());
    let mut options = options
        .await
        .context("resolving took too long")?
        .map_err(without_uri)?;
    options.app_name = Some("confab-auth".to_owned());
    // To the driver 0 means as many as it likes.
    let connections = options
        .max_pool_size
        .filter(|size| *size > 0)
        .unwrap_or(POOL);
    options.max_pool_size = Some(connections);
    options.server_selection_timeout.get_or_insert(SELECTION);
    options.connect_timeout.get_or_insert(SELECTION);
    // An answer means: durable. A primary that has lost its majority must not open accounts.
    options.write_concern.get_or_insert_with(|| {
        WriteConcern::builder()
            .w(Acknowledgment::Majority)
            .journal(true)
            .build()
    });
    // A secondary may not yet know the account, the session or the key that was just written.
    options.selection_criteria = Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));

    let client = Client::with_options(options)?;
    let database = client.database(database);
    let ping = database.run_command(doc! { "ping": 1 }).into_future();
    tokio::time::timeout(ATTEMPT, ping)
        .await
        .context("the ping took too long")??;
    Ok((
        Store {
            client,
            calls: Calls::new(database.clone(), connections),
        },
        database,
    ))
}

/// A driver's message on a connection string may quote it.
fn without_uri(error: mongodb::error::Error) -> anyhow::Error {
    match *error.kind {
        mongodb::error::ErrorKind::InvalidArgument { .. } => {
            anyhow::anyhow!("MONGODB_URI cannot be used")
        }
        _ => error.into(),
    }
}
