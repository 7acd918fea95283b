//! A way to the store that can be made unreliable.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use confab_testkit::Mongo;
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Hands everything on between the service and the store, unless it is told not to.
#[derive(Clone)]
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// Each so many-th answer gets lost with its connection; 0 for none.
    lose_each: AtomicUsize,
    answers: AtomicUsize,
    /// Once the store was asked something with these words, all answers get lost.
    lose_after: Mutex<Option<&'static str>>,
    cut: AtomicBool,
    cutting: Notify,
}

impl Proxy {
    /// Opens a way to the store.
    pub async fn open(mongo: &Mongo) -> Self {
        let address = mongo
            .uri
            .trim_start_matches("mongodb://")
            .split('/')
            .next()
            .unwrap();
        let store: SocketAddr = tokio::net::lookup_host(address)
            .await
            .unwrap()
            .next()
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::new(State::default()),
        };
        let state = proxy.state.clone();
        tokio::spawn(async move {
            loop {
                let (service, _) = listener.accept().await.unwrap();
                if !state.cut.load(Ordering::SeqCst) {
                    tokio::spawn(state.clone().carry(service, store));
                }
            }
        });
        proxy
    }

    /// The same database, by this way.
    pub fn to(&self, mongo: &Mongo) -> Mongo {
        let (_, options) = mongo.uri.split_once('?').unwrap();
        let uri = format!("mongodb://{}/?{options}", self.address);
        Mongo {
            uri,
            database: mongo.database.clone(),
        }
    }

    /// From now on each `number`-th answer of the store gets lost: what was asked is done, and nobody
    /// is told. 0 ends it.
    pub fn lose_each(&self, number: usize) {
        self.state.lose_each.store(number, Ordering::SeqCst);
    }

    /// As soon as the store is asked something with these words, all its answers get lost: that one is done,
    /// and nobody is told. Before, nothing is lost. `lose_each(0)` ends it.
    pub fn lose_all_after(&self, words: &'static str) {
        *self.state.lose_after.lock() = Some(words);
    }

    /// Breaks all connections and takes no new ones.
    pub fn cut(&self) {
        self.state.cut.store(true, Ordering::SeqCst);
        self.state.cutting.notify_waiters();
    }

    /// Takes connections again.
    pub fn mend(&self) {
        self.state.cut.store(false, Ordering::SeqCst);
    }
}

impl State {
    async fn carry(self: Arc<Self>, service: TcpStream, store: SocketAddr) {
        let store = TcpStream::connect(store).await.unwrap();
        let (mut asks, mut is_told) = service.into_split();
        let (mut tells, mut is_asked) = store.into_split();
        let ask = async {
            let mut bytes = vec![0; 65_536];
            loop {
                let count = asks.read(&mut bytes).await?;
                if count == 0 {
                    return std::io::Result::Ok(());
                }
                // Before it is asked, so that its own answer is lost, too.
                self.overhears(&bytes[..count]);
                is_asked.write_all(&bytes[..count]).await?;
            }
        };
        let tell = async {
            let mut bytes = vec![0; 65_536];
            loop {
                let count = tells.read(&mut bytes).await?;
                if count == 0 || self.loses_this() {
                    return std::io::Result::Ok(());
                }
                is_told.write_all(&bytes[..count]).await?;
            }
        };
        // Whichever ends first takes the connection with it.
        tokio::select! {
            _ = ask => {}
            _ = tell => {}
            () = self.cutting.notified() => {}
        }
    }

    /// Looks for the words after which all gets lost. A short request comes in one piece.
    fn overhears(&self, asked: &[u8]) {
        let mut lose_after = self.lose_after.lock();
        let Some(words) = lose_after.map(str::as_bytes) else {
            return;
        };
        if asked.windows(words.len()).any(|part| part == words) {
            *lose_after = None;
            self.lose_each.store(1, Ordering::SeqCst);
        }
    }

    fn loses_this(&self) -> bool {
        let each = self.lose_each.load(Ordering::SeqCst);
        each > 0 && (self.answers.fetch_add(1, Ordering::SeqCst) + 1).is_multiple_of(each)
    }
}
