//! The replicas of another service: found by name, asked one after the other, never waited for longer
//! than the deadline.

use std::collections::HashMap;
use std::error::Error as _;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use tokio_util::sync::CancellationToken;
use tonic::metadata::AsciiMetadataValue;
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, ConnectError, Request, Status, TimeoutExpired};
use tonic_types::StatusExt as _;
use url::Url;

use crate::trace;

/// How often a connection is asked whether it is alive, and how long it may take to answer: a line that lets nothing
/// through any more, and tells nobody, is replaced after at most twice this.
const KEEP_ALIVE: Duration = Duration::from_secs(4);
/// How often names are resolved anew: a new replica gets its share within this time.
const RESOLVE_EVERY: Duration = Duration::from_secs(5);
/// How long a replica that did not answer is asked last.
const SHUN: Duration = Duration::from_secs(2);
/// How many replicas are tried before the caller hears of it.
const ATTEMPTS: usize = 3;

/// What a replica answers that is about to go: the others are asked then.
pub const STOPPING: &str = "STOPPING";

/// How long a call may take, all attempts together.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(pub Duration);

/// A channel that passes the trace and the deadline on.
pub type Caller = InterceptedService<Channel, Carry>;

/// Puts the current trace and the time left into each call.
#[derive(Clone)]
pub struct Carry {
    left: Duration,
}

impl Interceptor for Carry {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Ok(value) = AsciiMetadataValue::try_from(trace::traceparent())
            && !value.is_empty()
        {
            request.metadata_mut().insert("traceparent", value);
        }
        request.set_timeout(self.left);
        Ok(request)
    }
}

/// One replica.
struct Peer {
    address: SocketAddr,
    channel: Channel,
    /// Milliseconds since `Peers::born` before which this replica is asked last.
    shunned_until: AtomicU64,
}

/// The replicas of one service. Clones share them.
#[derive(Clone)]
pub struct Peers(Arc<Inner>);

struct Inner {
    service: &'static str,
    born: Instant,
    turn: AtomicU64,
    peers: RwLock<Arc<[Arc<Peer>]>>,
}

impl Peers {
    /// Starts to follow the replicas behind `urls` (`http://host:port`, each host resolved to all its
    /// addresses) until `stop`. Never fails: replicas may come later.
    pub async fn follow(service: &'static str, urls: Vec<Url>, stop: CancellationToken) -> Self {
        let peers = Self(Arc::new(Inner {
            service,
            born: Instant::now(),
            turn: AtomicU64::new(0),
            peers: RwLock::new(Arc::new([])),
        }));
        peers.resolve(&urls).await;
        let follower = peers.clone();
        tokio::spawn(stop.run_until_cancelled_owned(async move {
            loop {
                // Nobody to talk to is worth a quicker look than a change in numbers.
                let empty = follower.0.peers.read().is_empty();
                tokio::time::sleep(if empty {
                    RESOLVE_EVERY / 10
                } else {
                    RESOLVE_EVERY
                })
                .await;
                follower.resolve(&urls).await;
            }
        }));
        peers
    }

    /// Calls the replica that `key` belongs to, and the next ones if it does not answer: so all calls
    /// about one room meet in one replica as long as it lives. The call must be idempotent.
    ///
    /// # Errors
    /// What the replica answered; `UNAVAILABLE` if none could be reached, `DEADLINE_EXCEEDED` if time
    /// ran out or the way broke under the call: then nobody knows whether it happened.
    pub async fn call_for<T, F, Fut>(
        &self,
        key: impl Hash,
        deadline: Deadline,
        call: F,
    ) -> Result<T, Status>
    where
        F: Fn(Caller) -> Fut,
        Fut: Future<Output = Result<T, Status>>,
    {
        self.attempt(self.in_order(&key), deadline, is_transport, call)
            .await
    }

    /// Calls any replica, each in turn. The call must be idempotent.
    ///
    /// # Errors
    /// As [`Self::call_for`].
    pub async fn call<T, F, Fut>(&self, deadline: Deadline, call: F) -> Result<T, Status>
    where
        F: Fn(Caller) -> Fut,
        Fut: Future<Output = Result<T, Status>>,
    {
        let turn = self.0.turn.fetch_add(1, Ordering::Relaxed);
        self.call_for(turn, deadline, call).await
    }

    /// Calls any replica, and another one only if the request did not get out: for what must not happen
    /// twice.
    ///
    /// # Errors
    /// As [`Self::call_for`].
    pub async fn call_once<T, F, Fut>(&self, deadline: Deadline, call: F) -> Result<T, Status>
    where
        F: Fn(Caller) -> Fut,
        Fut: Future<Output = Result<T, Status>>,
    {
        let turn = self.0.turn.fetch_add(1, Ordering::Relaxed);
        self.attempt(self.in_order(turn), deadline, was_not_sent, call)
            .await
    }

    /// The replica that calls about `key` go to now.
    pub fn first_choice(&self, key: impl Hash) -> Option<SocketAddr> {
        self.in_order(&key).first().map(|peer| peer.address)
    }

    async fn attempt<T, F, Fut>(
        &self,
        peers: Vec<Arc<Peer>>,
        deadline: Deadline,
        may_repeat: fn(&Status) -> bool,
        call: F,
    ) -> Result<T, Status>
    where
        F: Fn(Caller) -> Fut,
        Fut: Future<Output = Result<T, Status>>,
    {
        let until = Instant::now() + deadline.0;
        let mut failure = Status::unavailable(format!("no replica of {} is known", self.0.service));
        let mut may_have_happened = false;
        for peer in peers.into_iter().take(ATTEMPTS) {
            let left = until.saturating_duration_since(Instant::now());
            let caller = InterceptedService::new(peer.channel.clone(), Carry { left });
            failure = match tokio::time::timeout(left, call(caller)).await {
                Ok(Err(status)) if may_repeat(&status) => {
                    self.shun(&peer);
                    may_have_happened |= is_in_doubt(&status);
                    status
                }
                Ok(Err(status)) if is_in_doubt(&status) => {
                    self.shun(&peer);
                    return Err(in_doubt(&status));
                }
                Ok(Err(status)) if !is_timeout(&status) => return Err(status),
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(_)) | Err(_) => {
                    self.shun(&peer);
                    let service = self.0.service;
                    let detail = format!("{service} did not answer in {:?}", deadline.0);
                    return Err(Status::deadline_exceeded(detail));
                }
            };
            tracing::debug!(service = self.0.service, peer = %peer.address, error = %failure, "asking the next replica");
        }
        Err(if may_have_happened {
            in_doubt(&failure)
        } else {
            failure
        })
    }

    /// All replicas, those that did not answer lately last, else by rendezvous hashing: when a replica
    /// comes or goes, only its own keys move.
    fn in_order(&self, key: impl Hash) -> Vec<Arc<Peer>> {
        let now = self.now();
        let weight = |peer: &Arc<Peer>| {
            let mut hasher = DefaultHasher::new();
            (&key, peer.address).hash(&mut hasher);
            hasher.finish()
        };
        let mut peers = self.0.peers.read().to_vec();
        peers.sort_by_cached_key(|peer| {
            let shunned = peer.shunned_until.load(Ordering::Relaxed) > now;
            (shunned, std::cmp::Reverse(weight(peer)))
        });
        peers
    }

    fn shun(&self, peer: &Peer) {
        let until = self.now() + u64::try_from(SHUN.as_millis()).unwrap_or(u64::MAX);
        peer.shunned_until.store(until, Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    async fn resolve(&self, urls: &[Url]) {
        let mut found = Vec::new();
        for url in urls {
            let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
                continue; // `Config::problems` refuses such a URL before anything starts.
            };
            match tokio::time::timeout(RESOLVE_EVERY, tokio::net::lookup_host((host, port))).await {
                Ok(Ok(addresses)) => found.extend(addresses),
                Ok(Err(error)) => {
                    tracing::warn!(service = self.0.service, host, %error, "cannot resolve");
                    return; // What is known stays in use.
                }
                Err(_) => {
                    tracing::warn!(service = self.0.service, host, "resolving took too long");
                    return;
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        self.replace(&found);
    }

    /// Keeps the channels of replicas that stay, opens those of new ones, drops the rest.
    fn replace(&self, addresses: &[SocketAddr]) {
        let known = self.0.peers.read().clone();
        if known
            .iter()
            .map(|peer| peer.address)
            .eq(addresses.iter().copied())
        {
            return;
        }
        let mut kept: HashMap<SocketAddr, Arc<Peer>> = known
            .iter()
            .map(|peer| (peer.address, peer.clone()))
            .collect();
        let peers: Arc<[Arc<Peer>]> = addresses
            .iter()
            .map(|address| {
                kept.remove(address)
                    .unwrap_or_else(|| Arc::new(Peer::new(*address)))
            })
            .collect();
        tracing::info!(
            service = self.0.service,
            replicas = peers.len(),
            "replicas changed"
        );
        *self.0.peers.write() = peers;
    }
}

impl Peer {
    fn new(address: SocketAddr) -> Self {
        let channel = Endpoint::from_shared(format!("http://{address}"))
            .expect("a socket address makes a valid URL")
            .connect_timeout(Duration::from_secs(1))
            .tcp_nodelay(true)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(KEEP_ALIVE)
            .keep_alive_while_idle(true)
            .connect_lazy();
        Self {
            address,
            channel,
            shunned_until: AtomicU64::new(0),
        }
    }
}

/// Whether a failure is of the way to the replica (or of its going away) rather than of the request.
fn is_transport(status: &Status) -> bool {
    match status.code() {
        // One that carries details is a replica's own answer: it is there, and says what is wrong.
        // Unless it is about to go.
        Code::Unavailable => {
            status.details().is_empty()
                || status
                    .get_details_error_info()
                    .is_some_and(|info| info.reason == STOPPING)
        }
        // What hyper says when a connection breaks under a call that was sent.
        Code::Unknown | Code::Internal | Code::Cancelled => {
            status.source().is_some() && !is_timeout(status)
        }
        _ => false,
    }
}

/// Whether the way broke when the request may have been on it: nobody knows what became of it.
fn is_in_doubt(status: &Status) -> bool {
    is_transport(status) && status.details().is_empty() && !was_not_sent(status)
}

/// What a caller is told then: the same as if no answer had come in time.
fn in_doubt(status: &Status) -> Status {
    Status::deadline_exceeded(format!("no answer came: {}", status.message()))
}

/// Whether the request never left: no connection could be made.
fn was_not_sent(status: &Status) -> bool {
    caused_by::<ConnectError>(status)
}

/// Whether time ran out: tonic calls that cancelled, here with its own error inside, there without any.
fn is_timeout(status: &Status) -> bool {
    let bare = status.source().is_none();
    (bare && status.code() == Code::Cancelled) || caused_by::<TimeoutExpired>(status)
}

fn caused_by<E: std::error::Error + 'static>(status: &Status) -> bool {
    let mut cause = status.source();
    while let Some(error) = cause {
        if error.is::<E>() {
            return true;
        }
        cause = error.source();
    }
    false
}
