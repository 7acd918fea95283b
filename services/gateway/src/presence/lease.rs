//! Staying known: the lease that says this gateway lives, and the list of those that live too.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use confab_chassis::CancellationToken;
use confab_fault::Fault;
use confab_proto::presence::{ReleaseLeaseRequest, RenewLeaseRequest};
use parking_lot::RwLock;

use crate::clients::Presence;
use crate::gateway::Gateway;
use crate::presence::tell;

/// How often the lease is renewed: several times within its life, so that one failure is nothing.
const RENEW_EVERY: Duration = Duration::from_secs(3);
/// How often a first lease is asked for.
const TRY_EVERY: Duration = Duration::from_millis(500);
/// How soon after a renewal an unknown gateway may cause the next one: session ids are made up at will.
const RENEW_AGAIN_AFTER: Duration = Duration::from_millis(250);

/// The gateways that live, as of the last renewal. Clones share them.
#[derive(Clone)]
pub struct Lease(Arc<Inner>);

struct Inner {
    presence: Presence,
    gateway_id: String,
    relay_url: String,
    living: RwLock<HashMap<String, String>>,
    /// Held while the lease is being renewed.
    renewing: tokio::sync::Mutex<Option<Instant>>,
    /// A renewal had no answer, which may have said that the lease was taken anew.
    in_doubt: AtomicBool,
    /// A lease was, or may have been, taken anew: presence knows nothing of the sockets here.
    forgotten: AtomicBool,
}

impl Lease {
    /// A lease that has not been taken yet.
    pub fn new(presence: Presence, gateway_id: String, relay_url: String) -> Self {
        Self(Arc::new(Inner {
            presence,
            gateway_id,
            relay_url,
            living: RwLock::default(),
            renewing: tokio::sync::Mutex::default(),
            in_doubt: AtomicBool::new(false),
            forgotten: AtomicBool::new(false),
        }))
    }

    /// Takes the first lease: without one, no other gateway finds this one. Answers when it is there.
    pub async fn take(&self) {
        while let Err(fault) = self.renew().await {
            tracing::warn!(%fault, "cannot take a lease yet, trying on");
            tokio::time::sleep(TRY_EVERY).await;
        }
    }

    /// Takes the lease, or renews it.
    pub async fn renew(&self) -> Result<(), Fault> {
        let mut last = self.0.renewing.lock().await;
        if last.is_some_and(|last| last.elapsed() < RENEW_AGAIN_AFTER) {
            return Ok(());
        }
        // Before the answer: while presence does not answer, those who wait here must not each try anew.
        *last = Some(Instant::now());
        let request = RenewLeaseRequest {
            gateway_id: self.0.gateway_id.clone(),
            relay_url: self.0.relay_url.clone(),
        };
        // Whoever waits for this may be gone before the answer comes.
        let was_in_doubt = self.0.in_doubt.swap(true, Ordering::Relaxed);
        let answer = self.0.presence.renew_lease(request).await?;
        self.0.in_doubt.store(false, Ordering::Relaxed);
        if answer.taken || was_in_doubt {
            self.0.forgotten.store(true, Ordering::Relaxed);
        }
        let living = answer
            .gateways
            .into_iter()
            .map(|gateway| (gateway.id, gateway.relay_url));
        *self.0.living.write() = living.collect();
        Ok(())
    }

    /// Renews the lease again and again until `stop`, then gives it up. When presence has forgotten this
    /// gateway, its sockets are told anew.
    pub async fn keep(self, gateway: Arc<Gateway>, stop: CancellationToken) {
        let mut telling = tokio::spawn(std::future::ready(()));
        loop {
            gateway.limits.shared_by(self.0.living.read().len());
            let is_held = !self.0.living.read().is_empty();
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(if is_held { RENEW_EVERY } else { TRY_EVERY }) => {}
            }
            if let Err(fault) = self.renew().await {
                tracing::warn!(%fault, "cannot renew the lease");
            }
            if self.0.forgotten.swap(false, Ordering::Relaxed) {
                let connections = gateway.connections.all();
                tracing::info!(
                    sockets = connections.len(),
                    "presence may know nothing of the sockets here, telling it"
                );
                gateway.untold.add(connections);
            }
            // On the side: the lease must not wait for many sockets.
            if telling.is_finished() {
                let gateway = gateway.clone();
                telling = tokio::spawn(async move { tell::tell_all(&gateway).await });
            }
        }
        telling.abort();
        let request = ReleaseLeaseRequest {
            gateway_id: self.0.gateway_id.clone(),
        };
        if let Err(fault) = self.0.presence.release_lease(request).await {
            tracing::warn!(%fault, "cannot give the lease up, it will expire");
        }
    }

    /// This gateway's own name.
    pub fn gateway_id(&self) -> &str {
        &self.0.gateway_id
    }

    /// Where another gateway is reached; one that is not known may have started a moment ago.
    pub async fn relay_url(&self, gateway: &str) -> Option<String> {
        let known = self.0.living.read().get(gateway).cloned();
        if known.is_some() {
            return known;
        }
        if let Err(fault) = self.renew().await {
            tracing::warn!(%fault, "cannot ask for gateways that live");
        }
        self.0.living.read().get(gateway).cloned()
    }
}
