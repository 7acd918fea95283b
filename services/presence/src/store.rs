//! Presence in Redis: sets of sockets, leases, and what is still to be told. Nothing else knows fred.

mod connection;
mod edges;
mod error;
mod keys;
mod last_seen;
mod leases;
mod scripts;

use std::sync::Arc;
use std::time::Duration;

use fred::clients::Pool;
use fred::interfaces::ClientLike as _;
use fred::types::config::{Config, ReconnectPolicy};
use fred::types::scripts::Script;
use fred::types::{Builder, FromValue};

pub use error::StoreError;
use keys::Keys;
use scripts::Scripts;

/// How long one command may take: callers have deadlines of seconds, and would rather know.
const COMMAND_DEADLINE: Duration = Duration::from_secs(1);
/// Commands are pipelined, so one connection carries many callers; the second one is there so that a
/// sweep's larger answers do not queue before a socket's.
const CONNECTIONS: usize = 2;
/// Commands that may wait for a connection; more are refused at once.
const WAITING_COMMANDS: usize = 10_000;
/// How long whoever claims an edge has to tell and confirm it, before it is claimed again. Longer than
/// publishing a whole batch can take.
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
    pool: Pool,
    keys: Keys,
    scripts: Scripts,
    timing: Timing,
}

impl Store {
    /// Connects; later outages are waited out, with backoff and jitter, for ever.
    pub async fn connect(url: &str, prefix: &str, timing: Timing) -> Result<Self, StoreError> {
        let mut builder = Builder::from_config(Config::from_url(url)?);
        builder
            .with_performance_config(|performance| {
                performance.default_command_timeout = COMMAND_DEADLINE;
            })
            .with_connection_config(|connection| {
                connection.connection_timeout = Duration::from_secs(2);
                connection.internal_command_timeout = Duration::from_secs(2);
                // A command whose connection broke is the caller's to repeat: repeated here, after the
                // caller gave up, it could bring a closed socket back.
                connection.max_command_attempts = 1;
                connection.max_command_buffer_len = WAITING_COMMANDS;
                connection.reconnect_on_auth_error = true;
                connection.tcp.nodelay = Some(true);
                connection.unresponsive.max_timeout = Some(Duration::from_secs(5));
                connection.unresponsive.interval = Duration::from_secs(1);
            })
            // 0: never give up; 50 ms to 2 s, doubling, with the library's jitter.
            .set_policy(ReconnectPolicy::new_exponential(0, 50, 2_000, 2));
        let pool = builder.build_pool(CONNECTIONS)?;
        pool.init().await?;
        let inner = Inner {
            pool,
            keys: Keys::new(prefix),
            scripts: Scripts::new(),
            timing,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Closes the connections after what was sent before; gives up after a second.
    pub async fn close(&self) {
        let _ = tokio::time::timeout(COMMAND_DEADLINE, self.0.pool.quit()).await;
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
        let client = self.0.pool.next_connected();
        Ok(script
            .evalsha_with_reload(client, self.0.keys.fixed(), all)
            .await?)
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
