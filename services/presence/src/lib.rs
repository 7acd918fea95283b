//! Who is online, on which sockets, and which gateways live.
//!
//! Presence knows connections and leases, not what travels over them. Its only store is Redis; what it
//! has to tell, it tells over the bus.

mod clients;
mod config;
mod connection;
mod context;
mod edge;
mod error;
mod last_seen;
mod lease;
mod query;
mod rpc;
mod store;
mod sweep;

use std::time::Duration;

use anyhow::Context as _;
use confab_chassis::admin::{self, Readiness};
use confab_chassis::grpc::GrpcServer;
use confab_chassis::{CancellationToken, Running};
use confab_proto::presence::presence_service_server::PresenceServiceServer;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use clients::{Accounts, Watchers};
pub use config::Config;
use context::Context;
use rpc::Rpc;
use store::{Store, Timing};
use sweep::Pace;

/// How long a start waits for Redis: as long as it takes a pod next door to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts the service; it ends when `stop` is cancelled and all calls are answered.
///
/// # Errors
/// If an address cannot be bound, or Redis is not there after half a minute.
pub async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Running> {
    let readiness = Readiness::default();
    let end = CancellationToken::new();
    // Whatever ends this early also ends the admin port.
    let guard = end.clone().drop_guard();
    let admin = admin::serve(config.admin_addr, readiness.clone(), end.clone()).await?;

    let context = connect(&config, end.clone()).await?;
    let service = PresenceServiceServer::new(Rpc {
        context: context.clone(),
    });
    let server = GrpcServer::bind(config.grpc_addr, confab_proto::DESCRIPTORS).await?;
    let server = server.add(service).await;
    let grpc = server.address();

    let pace = Pace {
        interval: config.sweep_interval,
        lease_ttl: config.lease_ttl,
    };
    let rest = CancellationToken::new();
    let mut sweeps = JoinSet::new();
    sweeps.spawn(sweep::sweep(context.clone(), pace, rest.clone()));
    sweeps.spawn(sweep::sweep_last_seen(context.clone(), pace, rest.clone()));
    readiness.ready();

    let done = async move {
        let _guard = guard;
        let unready = async {
            stop.cancelled().await;
            readiness.unready();
        };
        let serving = async { tokio::join!(server.serve(stop.clone()), unready).0 };
        tokio::select! {
            served = serving => served?,
            // Without sweeps nobody would ever go offline: better to start anew.
            _ = sweeps.join_next() => anyhow::bail!("a sweep ended by itself"),
        }
        rest.cancel();
        while sweeps.join_next().await.is_some() {}
        context.watchers.close().await;
        context.store.close().await;
        Ok(())
    };
    Ok(Running {
        addresses: vec![("grpc", grpc), ("admin", admin)],
        done: Box::pin(done),
    })
}

async fn connect(config: &Config, end: CancellationToken) -> anyhow::Result<Context> {
    let (url, prefix) = (config.redis_url.expose(), config.redis_key_prefix.as_str());
    let timing = Timing {
        lease_ttl: config.lease_ttl,
        offline_debounce: config.offline_debounce,
    };
    let store = insist(async || Store::connect(url, prefix, timing).await).await?;
    let watchers = insist(async || Watchers::connect(url, prefix).await).await?;
    let accounts = Accounts::follow(config.auth_url.clone(), end).await;
    Ok(Context {
        store,
        watchers,
        accounts,
    })
}

/// Tries to reach Redis again and again, for a while.
async fn insist<T, E>(attempt: impl AsyncFn() -> Result<T, E>) -> anyhow::Result<T>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let until = Instant::now() + PATIENCE;
    loop {
        let error = match timeout(PATIENCE / 6, attempt()).await {
            Ok(Ok(connected)) => return Ok(connected),
            Ok(Err(error)) => anyhow::Error::new(error),
            Err(late) => anyhow::Error::new(late),
        };
        if Instant::now() >= until {
            return Err(error).with_context(|| {
                format!("redis could not be reached for {PATIENCE:?}: check REDIS_URL")
            });
        }
        tracing::info!(error = format!("{error:#}"), "waiting for redis");
        sleep(Duration::from_millis(500)).await;
    }
}
