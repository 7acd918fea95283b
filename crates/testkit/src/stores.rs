//! A database and a key prefix that no other test uses.

use std::env;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use fred::interfaces::{ClientLike as _, KeysInterface as _};

/// A MongoDB database of this test's own; dropped with the server that `cargo xtask test` started.
#[derive(Clone, Debug)]
pub struct Mongo {
    /// Where the server is.
    pub uri: String,
    /// The database's name.
    pub database: String,
}

/// A Redis key prefix of this test's own.
#[derive(Clone, Debug)]
pub struct Redis {
    /// Where the server is.
    pub url: String,
    /// What all keys and channels begin with.
    pub prefix: String,
}

impl Mongo {
    /// A new, empty database.
    ///
    /// # Panics
    /// If `MONGODB_URI` is not set.
    #[must_use]
    pub fn fresh() -> Self {
        Self {
            uri: setting("MONGODB_URI"),
            database: format!("test_{}", unique()),
        }
    }

    /// The database itself, to look at what a service has stored.
    ///
    /// # Panics
    /// If the server cannot be reached.
    pub async fn open(&self) -> mongodb::Database {
        mongodb::Client::with_uri_str(&self.uri)
            .await
            .unwrap()
            .database(&self.database)
    }
}

impl Redis {
    /// A new prefix.
    ///
    /// # Panics
    /// If `REDIS_URL` is not set.
    #[must_use]
    pub fn fresh() -> Self {
        Self {
            url: setting("REDIS_URL"),
            prefix: format!("test:{}:", unique()),
        }
    }

    /// A client, to look at what a service has stored.
    ///
    /// # Panics
    /// If the server cannot be reached.
    pub async fn open(&self) -> fred::clients::Client {
        let config = fred::types::config::Config::from_url(&self.url).unwrap();
        let client = fred::types::Builder::from_config(config).build().unwrap();
        client.init().await.unwrap();
        client
    }
}

impl Redis {
    /// Makes it one that has been in use: of a new one, presence does not know yet who is offline.
    ///
    /// # Panics
    /// If the server cannot be reached.
    pub async fn put_to_use(&self) {
        let begun = format!("{}presence:begun", self.prefix);
        let client = self.open().await;
        let () = client.set(begun, 0, None, None, false).await.unwrap();
    }

    /// Loses all data below the prefix, as a Redis without persistence does when it restarts.
    ///
    /// # Panics
    /// If the server cannot be reached.
    pub async fn forget(&self) {
        let client = self.open().await;
        let keys: Vec<String> = client
            .custom(fred::cmd!("KEYS"), vec![format!("{}*", self.prefix)])
            .await
            .unwrap();
        if !keys.is_empty() {
            let _: i64 = client.del(keys).await.unwrap();
        }
    }
}

#[allow(clippy::disallowed_methods)] // The test runner speaks to tests through the environment.
pub(crate) fn setting(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run the tests with `cargo xtask test`, which starts the stores")
    })
}

/// Unique among all tests that share a server: nextest runs each in a process of its own.
pub(crate) fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let nanos = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    let count = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{nanos:x}_{}_{count}", std::process::id())
}
