//! Presence in Redis: sets of sockets, leases, and what is still to be told. Nothing else knows fred.

mod connection;
mod edges;
mod error;
mod keys;
mod last_seen;
mod leases;
mod links;
mod scripts;

use std::sync::Arc;
use std::time::Duration;

use fred::types::FromValue;
use fred::types::config::Config;
use fred::types::scripts::Script;

pub use error::StoreError;
use keys::Keys;
use links::Links;
use scripts::Scripts;

/// How long whoever claims an edge has to tell and confirm it, before it is claimed again: twice what
/// publishing and confirming can take at worst.
const RETELL: Duration = Duration::from_secs(5);

/// The times that the scripts work with.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// How long a gateway lives without renewing its lease.
    pub lease_ttl: Duration,
    /// How long a user may be away unnoticed.
    pub offline_debounce: Duration,
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Census {
    pub users_online: u64,
    pub edges_to_tell: u64,
    pub last_seen_to_store: u64,
    pub leases: u64,
}

/// The Redis of presence. Clones share the connections.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    links: Links,
    keys: Keys,
    scripts: Scripts,
    timing: Timing,
}

impl Store {
    /// Connects; later outages are waited out, with backoff and jitter, for ever.
    pub async fn connect(url: &str, prefix: &str, timing: Timing) -> Result<Self, StoreError> {
        let links = Links::connect(url).await?;
        let inner = Inner {
            links,
            keys: Keys::new(prefix),
            scripts: Scripts::new(),
            timing,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Closes the connections after what was sent before; gives up after a second.
    pub async fn close(&self) {
        self.0.links.close().await;
    }

    /// Counts.
    pub async fn census(&self) -> Result<Census, StoreError> {
        let (users_online, edges_to_tell, last_seen_to_store, leases) =
            self.run(&self.0.scripts.census, []).await?;
        Ok(Census {
            users_online,
            edges_to_tell,
            last_seen_to_store,
            leases,
        })
    }

    /// Runs a script with its own arguments.
    async fn run<T, A>(&self, script: &Script, arguments: A) -> Result<T, StoreError>
    where
        T: FromValue,
        A: IntoIterator<Item = String>,
    {
        let mut all = self.0.keys.families().to_vec();
        all.extend(arguments);
        let link = self.0.links.best();
        let keys = self.0.keys.fixed();
        let outcome = script.evalsha_with_reload(&link.client()?, keys, all).await;
        link.ended(&outcome);
        Ok(outcome?)
    }
}

/// What is wrong with a Redis URL and the prefix under it, if anything.
pub fn problem(url: &str, prefix: &str) -> Option<String> {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    let known = scheme.starts_with("redis") || scheme.starts_with("valkey");
    let Some(config) = Config::from_url(url).ok().filter(|_| known) else {
        // Quoting the URL would show the password in it.
        return Some("REDIS_URL must be a URL like redis://host:6379".to_owned());
    };
    let tag = prefix
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'));
    let one_slot = tag.is_some_and(|(tag, _)| !tag.is_empty());
    (config.server.is_clustered() && !one_slot).then(|| {
        "REDIS_URL names a Redis Cluster: presence needs its keys in one slot there, so give \
         REDIS_KEY_PREFIX a hash tag like {confab}:"
            .to_owned()
    })
}

fn millis(duration: Duration) -> String {
    duration.as_millis().to_string()
}
