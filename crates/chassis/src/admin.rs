//! The private admin port: `/livez`, `/readyz` and Prometheus' `/metrics`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::telemetry;

/// How often the metrics are condensed.
const UPKEEP: Duration = Duration::from_secs(5);

/// Whether this process wants traffic. Clones speak of the same process.
#[derive(Clone, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// From now on `/readyz` answers 200.
    pub fn ready(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// From now on `/readyz` answers 503.
    pub fn unready(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// What `/readyz` answers.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Opens the admin port and serves it until `end` is cancelled. Cancel it last, so that probes are
/// answered while the service drains.
///
/// # Errors
/// If the address cannot be bound.
pub async fn serve(
    address: SocketAddr,
    readiness: Readiness,
    end: CancellationToken,
) -> anyhow::Result<SocketAddr> {
    telemetry::metrics();
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("ADMIN_ADDR: cannot listen on {address}"))?;
    let bound = listener.local_addr()?;
    let router = Router::new()
        .route("/livez", get(async || "live\n"))
        .route("/readyz", get(readyz))
        .route("/metrics", get(async || telemetry::metrics().render()))
        .with_state(readiness);
    // Without it every sample of a histogram is kept until somebody asks, and perhaps nobody does.
    tokio::spawn(end.clone().run_until_cancelled_owned(async {
        loop {
            tokio::time::sleep(UPKEEP).await;
            telemetry::metrics().run_upkeep();
        }
    }));
    tokio::spawn(async move {
        let served = axum::serve(listener, router)
            .with_graceful_shutdown(async move { end.cancelled().await })
            .await;
        if let Err(error) = served {
            tracing::error!(%error, "the admin port closed");
        }
    });
    Ok(bound)
}

async fn readyz(State(readiness): State<Readiness>) -> (StatusCode, &'static str) {
    if readiness.is_ready() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}
