//! Users whose client is in Rust, WebSocket only: they talk, come back with their cursors, and keep account
//! as the JavaScript clients do, so that what is promised is not a habit of one library.

mod book;
mod session;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use parking_lot::Mutex;
use serde::Deserialize;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::sleep;

pub use book::Account;
use book::Book;
use session::Session;

/// Between two looks at whether something has come true.
const GLANCE: Duration = Duration::from_millis(50);
/// From a fault's end until all is well again.
const RECOVERY: Duration = Duration::from_secs(120);
/// How long the last messages may take; longer than a gateway's check of the heads.
const STRAGGLERS: Duration = Duration::from_secs(60);

/// A user without a socket, as the JavaScript clients describe one.
#[derive(Deserialize)]
pub struct User {
    pub id: String,
    pub token: String,
    /// The ids of the user's rooms.
    pub rooms: Vec<String>,
}

/// The last number of each room.
pub type Heads = BTreeMap<String, u64>;

/// What a client has in common with its task.
struct Shared {
    user: User,
    book: Mutex<Book>,
    ready: watch::Sender<bool>,
    /// Whether a message is on its way.
    sending: watch::Sender<bool>,
}

impl Shared {
    fn has(&self, heads: &Heads) -> bool {
        self.book.lock().has(&self.user, heads)
    }
}

/// All of them; their tasks end with it.
pub struct RustClients {
    clients: Vec<(Arc<Shared>, AbortHandle)>,
    talking: watch::Sender<bool>,
}

impl RustClients {
    /// Lets them connect to `http://host:port`, and talk until they are told to be quiet.
    pub fn start(url: &str, users: Vec<User>) -> Result<Self> {
        let address = url
            .strip_prefix("http://")
            .with_context(|| format!("only http:// can be spoken to, not {url}"))?;
        let (talking, _) = watch::channel(true);
        let clients = users.into_iter().map(|user| {
            let shared = Arc::new(Shared {
                user,
                book: Mutex::default(),
                ready: watch::Sender::new(false),
                sending: watch::Sender::new(false),
            });
            let session = Session::new(address.to_owned(), shared.clone(), talking.subscribe());
            (shared, tokio::spawn(session.run()).abort_handle())
        });
        Ok(Self {
            clients: clients.collect(),
            talking,
        })
    }

    /// Waits until each is connected and has everything up to `heads`.
    pub async fn recovered(&self, heads: &Heads) -> Result<()> {
        let is_well = |shared: &Shared| *shared.ready.borrow() && shared.has(heads);
        let well = self.all(RECOVERY, is_well).await;
        ensure!(well, "a Rust client is not back, or behind");
        Ok(())
    }

    /// Stops talking, and waits until what was sent is acknowledged.
    pub async fn quiet(&self) -> Result<()> {
        self.talking.send_replace(false);
        let quiet = self.all(RECOVERY, |shared| !*shared.sending.borrow()).await;
        ensure!(quiet, "a Rust client's last message is not acknowledged");
        Ok(())
    }

    /// What each sent and got, after what is on its way has come.
    pub async fn accounts(&self, heads: &Heads) -> Vec<Account> {
        // Who is behind in the end is counted as such.
        let _ = self.all(STRAGGLERS, |shared| shared.has(heads)).await;
        let account =
            |(shared, _): &(Arc<Shared>, _)| shared.book.lock().account(&shared.user, heads);
        self.clients.iter().map(account).collect()
    }

    /// Whether it comes true of all of them in time.
    async fn all(&self, limit: Duration, is_so: impl Fn(&Shared) -> bool) -> bool {
        let until = Instant::now() + limit;
        while Instant::now() < until {
            if self.clients.iter().all(|(shared, _)| is_so(shared)) {
                return true;
            }
            sleep(GLANCE).await;
        }
        false
    }
}

impl Drop for RustClients {
    fn drop(&mut self) {
        for (_, task) in &self.clients {
            task.abort();
        }
    }
}
