//! Leases in Redis: taken, given up, ended.

use std::time::Duration;

use fred::interfaces::SortedSetsInterface as _;
use fred::types::SetOptions;

use super::{Store, StoreError, millis};
use crate::lease::{Gateway, GatewayId, Lease};

/// How long a gateway may take to tell of its sockets when it has taken a lease. If Redis is new, or has
/// lost its data, nobody is said to be offline until then.
const TOLD_WITHIN: Duration = Duration::from_secs(10);

/// What one step of clearing up after a gateway did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vacated {
    /// There are more sockets to take away.
    pub more: bool,
    pub connections: u64,
    pub users_departed: u64,
}

impl Store {
    /// Renews or takes a lease.
    pub async fn renew(&self, gateway: &Gateway) -> Result<Lease, StoreError> {
        let arguments = [
            gateway.id.to_string(),
            gateway.relay_url.to_string(),
            millis(self.0.timing.lease_ttl),
            millis(TOLD_WITHIN),
        ];
        let answer: Vec<String> = self.run(&self.0.scripts.renew, arguments).await?;
        let (taken, living) = answer
            .split_first()
            .map_or((false, &[][..]), |(first, living)| (first == "1", living));
        let gateways = living
            .as_chunks::<2>()
            .0
            .iter()
            // Only what is valid was ever put in; foreign data must not stop a renewal.
            .filter_map(|[id, url]| {
                Some(Gateway {
                    id: id.parse().ok()?,
                    relay_url: url.parse().ok()?,
                })
            })
            .collect();
        Ok(Lease {
            gateways,
            ttl: self.0.timing.lease_ttl,
            taken,
        })
    }

    /// Ends a lease now. Its sockets are there until [`Self::vacate`] has taken them away.
    pub async fn end_lease(&self, gateway: &GatewayId) -> Result<(), StoreError> {
        let ended = (0.0, gateway.to_string());
        let leases = self.0.keys.leases();
        let client = self.0.links.best().client()?;
        let () = client
            .zadd(leases, Some(SetOptions::XX), None, false, false, ended)
            .await?;
        Ok(())
    }

    /// Gateways whose leases have ended.
    pub async fn expired(&self, limit: usize) -> Result<Vec<GatewayId>, StoreError> {
        let ids: Vec<String> = self
            .run(&self.0.scripts.expired, [limit.to_string()])
            .await?;
        Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// Takes up to `limit` sockets of a gateway away, unless its lease is alive.
    pub async fn vacate(&self, gateway: &GatewayId, limit: usize) -> Result<Vacated, StoreError> {
        let arguments = [
            gateway.to_string(),
            limit.to_string(),
            millis(self.0.timing.offline_debounce),
        ];
        let (more, connections, users_departed) =
            self.run(&self.0.scripts.vacate, arguments).await?;
        Ok(Vacated {
            more,
            connections,
            users_departed,
        })
    }
}
