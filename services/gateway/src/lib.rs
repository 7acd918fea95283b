//! The gateway: the only public door, on any replica, behind any balancer. It holds sockets and no
//! truth: rooms and messages are message-store's, accounts are auth's, who is online is presence's.

mod admission;
mod age;
mod block;
mod clients;
mod config;
mod contract;
mod cookie;
mod cursor;
mod dialect;
mod drain;
mod error;
mod fanout;
mod gateway;
mod http;
mod issuer;
mod media;
mod message;
mod people;
mod presence;
mod principal;
mod profile;
mod rate_limit;
mod relay;
mod room;
mod rpc;
mod session;
mod socket;
mod token;
mod transport;
mod typing;
mod unpublished;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, bail};
use axum::middleware::from_fn_with_state;
use confab_bus::{Deliveries, Publisher, Subscriber};
use confab_chassis::grpc::{GrpcServer, Peers};
use confab_chassis::{CancellationToken, Running, admin};
use confab_limit::Limiter;
use confab_proto::gateway::gateway_service_server::GatewayServiceServer;
use rand::Rng as _;
use rand::distr::Alphanumeric;
use socketioxide::SocketIo;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

pub use config::Config;

use crate::admission::Admission;
use crate::block::Blocks;
use crate::clients::{Auth, Clients, Line, MessageStore, Presence, Search, Window};
use crate::cookie::CookieRules;
use crate::fanout::{Connections, People, Rooms, Ties, Watchers};
use crate::gateway::Gateway;
use crate::issuer::Issuers;
use crate::media::MediaRoom;
use crate::presence::lease::Lease;
use crate::presence::tell::Untold;
use crate::profile::Profiles;
use crate::rate_limit::RateLimits;
use crate::relay::Relay;
use crate::token::Verifier;
use crate::transport::{Cord, CordListener, Cords};

/// How long Redis may take to appear at the start.
const STORES: Duration = Duration::from_secs(30);
/// How long requests under way may take after the drain.
const LAST_REQUESTS: Duration = Duration::from_secs(2);
/// How long presence may take to appear at the start; without it all but presence and the relay works.
const LEASE: Duration = Duration::from_secs(5);
/// How long auth may take to appear at the start.
const PEERS: Duration = Duration::from_secs(30);

/// Starts a gateway; it serves until `stop` is cancelled and has drained when `Running::done` resolves.
///
/// # Errors
/// If a port cannot be bound, or Redis or auth does not appear.
pub async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Running> {
    let (readiness, end) = (admin::Readiness::default(), CancellationToken::new());
    let admin = admin::serve(config.admin_addr, readiness.clone(), end.clone()).await?;
    let (publisher, subscriber, deliveries) = bus(&config).await?;
    let limiter = limiter(&config).await?;
    let deliveries = deliveries.deaf_to(publisher.origin());
    let listener = TcpListener::bind(config.http_addr)
        .await
        .with_context(|| format!("HTTP_ADDR: cannot listen on {}", config.http_addr))?;
    let http = listener.local_addr()?;

    let media = MediaRoom::open(&config.media)?;
    let (ties, moves) = Ties::new(media.links.clone());
    let gateway = assemble(
        &config,
        (publisher, subscriber, limiter),
        (media, ties),
        &end,
    );
    let gateway = Arc::new(gateway.await);
    let relay_url = match config.relay_url.as_str() {
        "" => format!("http://{http}"),
        url => url.trim_end_matches('/').to_owned(),
    };
    let lease = Lease::new(
        gateway.clients.presence.clone(),
        gateway.id.clone(),
        relay_url,
    );
    timeout(PEERS, gateway.verifier.first_keys())
        .await
        .with_context(|| format!("AUTH_URL: no signing keys within {PEERS:?}"))?;
    if timeout(LEASE, lease.take()).await.is_err() {
        tracing::warn!("there is no lease yet, starting without one");
    }

    let (layer, io) = SocketIo::builder()
        .ping_interval(config.ping_interval)
        .ping_timeout(config.ping_timeout)
        .max_payload(config.max_payload_bytes as u64)
        .ws_max_message_size(config.max_payload_bytes)
        .ws_max_frame_size(config.max_payload_bytes)
        .max_buffer_size(config.socket_buffer_packets)
        .build_layer();
    socket::open(&io, &gateway, config.root_dialect);

    let grpc = GrpcServer::bind(config.grpc_addr, confab_proto::DESCRIPTORS)
        .await?
        .add(GatewayServiceServer::new(rpc::Operator(gateway.clone())))
        .await;
    let addresses = vec![("http", http), ("grpc", grpc.address()), ("admin", admin)];

    tokio::spawn(gateway.verifier.clone().follow(end.clone()));
    let (rooms, every) = (gateway.rooms.clone(), config.heads_check_interval);
    tokio::spawn(fanout::follow_heads(rooms, every, end.clone()));
    let (sweeping, every) = (gateway.clone(), config.media.media_sweep_interval);
    tokio::spawn(media::sweep::follow(sweeping, every, end.clone()));
    tokio::spawn(media::address::follow(gateway.clone(), end.clone()));
    tokio::spawn(presence::moves::follow(moves, gateway.clone()));
    let (expiring, grace) = (gateway.clone(), config.session_expiry_grace);
    tokio::spawn(session::expire::follow(expiring, grace, end.clone()));
    let (ageing, age) = (gateway.clone(), config.max_connection_age);
    tokio::spawn(age::follow(ageing, age, end.clone()));
    let listening = tokio::spawn(fanout::listen(deliveries, gateway.clone()));
    // Held until the sockets are gone: their users must not seem to be away before.
    let leaving = CancellationToken::new();
    let leased = tokio::spawn(lease.clone().keep(gateway.clone(), leaving.clone()));
    let mut operators = tokio::spawn(grpc.serve(stop.clone()));

    let relay = Relay::new(gateway.clone(), lease);
    // From outside to inside: CORS, where a request came from, the relay, Socket.IO, REST.
    let router = http::router(
        gateway.clone(),
        config.root_dialect,
        config.max_payload_bytes,
        &socket::contract(),
    )
    .layer(layer)
    .layer(from_fn_with_state(relay, relay::relay))
    .layer(from_fn_with_state(gateway.clone(), http::origin))
    .layer(http::cors(&config.cors_origins));
    // Open while draining: requests for sessions here are still handed on by the others.
    let closing = CancellationToken::new();
    let closed = closing.clone();
    let mut server = tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<Cord>();
        axum::serve(CordListener(listener), service)
            .with_graceful_shutdown(closed.cancelled_owned())
            .await
    });
    readiness.ready();

    let window = config.drain_time;
    let done = async move {
        tokio::select! {
            // First: the gRPC server ends by itself when it is asked to.
            biased;
            () = stop.cancelled() => {}
            ended = &mut server => bail!("the HTTP server ended by itself: {ended:?}"),
            ended = &mut operators => bail!("the gRPC server ended by itself: {ended:?}"),
            ended = listening => bail!("nobody listens to the bus any more: {ended:?}"),
        }
        readiness.unready();
        drain::drain(&gateway, window).await;
        closing.cancel();
        // A request that was half sent, or a poll that waits, must not hold the process.
        if timeout(LAST_REQUESTS, &mut server).await.is_err() {
            server.abort();
        }
        leaving.cancel();
        let _ = timeout(LAST_REQUESTS, leased).await;
        operators.abort();
        gateway.publisher.close().await;
        gateway.subscriber.close().await;
        gateway.limits.close().await;
        end.cancel();
        Ok(())
    };
    Ok(Running {
        addresses,
        done: Box::pin(done),
    })
}

async fn bus(config: &Config) -> anyhow::Result<(Publisher, Subscriber, Deliveries)> {
    let (url, prefix) = (config.redis_url.expose(), config.redis_key_prefix.as_str());
    let connect = async {
        loop {
            let opened = async {
                let publisher = Publisher::connect(url, prefix).await?;
                let (subscriber, deliveries) = Subscriber::connect(url, prefix).await?;
                Ok::<_, confab_bus::BusError>((publisher, subscriber, deliveries))
            };
            match opened.await {
                Ok(opened) => return opened,
                Err(error) => {
                    tracing::warn!(%error, "redis is not there yet");
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
            }
        }
    };
    timeout(STORES, connect)
        .await
        .with_context(|| format!("REDIS_URL: no Redis answered within {STORES:?}"))
}

/// The bus has been reached a moment ago, so this is tried for as long as that.
async fn limiter(config: &Config) -> anyhow::Result<Limiter> {
    let (url, prefix) = (config.redis_url.expose(), config.redis_key_prefix.as_str());
    let connect = async {
        loop {
            match Limiter::connect(url, prefix, config.limits.limit_deadline).await {
                Ok(limiter) => return limiter,
                Err(error) => tracing::warn!(%error, "redis is not there any more"),
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    timeout(STORES, connect)
        .await
        .with_context(|| format!("REDIS_URL: no Redis answered within {STORES:?}"))
}

async fn assemble(
    config: &Config,
    (publisher, subscriber, limiter): (Publisher, Subscriber, Limiter),
    (media, ties): (MediaRoom, Ties),
    end: &CancellationToken,
) -> Gateway {
    let follow = |service, urls: &Vec<url::Url>| Peers::follow(service, urls.clone(), end.clone());
    let message_store = follow("message-store", &config.message_store_url).await;
    let clients = Clients {
        auth: Auth(follow("auth", &config.auth_url).await),
        message_store: MessageStore(Line::within(message_store.clone(), Window::new())),
        search: Search(Line::within(message_store.clone(), Window::new())),
        presence: Presence(follow("presence", &config.presence_url).await),
    };
    let profiles = Profiles::new(clients.auth.clone());
    let rooms = Rooms::new(
        subscriber.clone(),
        // Holes have to be filled also when there is too much to do.
        MessageStore(Line::open(message_store)),
        profiles.clone(),
        config.holes,
        ties,
    );
    Gateway {
        id: if config.gateway_id.is_empty() {
            random_id()
        } else {
            config.gateway_id.clone()
        },
        since: SystemTime::now(),
        admission: Admission::new(&config.admission),
        blocks: Blocks::new(clients.auth.clone()),
        limits: RateLimits::new(limiter, config.limits.clone()),
        proxies: config.limits.proxies(),
        cookie: CookieRules::new(config),
        issuers: Issuers::new(&config.external_issuers),
        verifier: Verifier::new(clients.auth.clone(), &config.token_issuer),
        connections: Connections::default(),
        people: People::new(subscriber.clone(), rooms.clone()),
        watchers: Watchers::new(subscriber.clone()),
        cords: Cords::default(),
        // A poll is held for a ping interval at most; more than the pong's time on top is a dead peer.
        poll_limit: config.ping_interval + config.ping_timeout,
        clients,
        profiles,
        subscriber,
        rooms,
        publisher,
        tasks: TaskTracker::new(),
        unpublished: Arc::default(),
        untold: Untold::default(),
        tunnels: CancellationToken::new(),
        media,
    }
}

/// Ten of 62 characters: two gateways of one name are not to be expected in a lifetime.
fn random_id() -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(10)
        .map(char::from)
        .collect()
}
