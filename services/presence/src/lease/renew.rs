//! A gateway says that it lives.

use crate::context::Context;
use crate::error::Error;

use super::{GatewayId, Lease, RelayUrl};

/// Renews or takes a lease, and answers all gateways that live.
pub async fn renew(
    context: &Context,
    gateway: &GatewayId,
    relay_url: &RelayUrl,
) -> Result<Lease, Error> {
    let lease = context.store.renew(gateway, relay_url).await?;
    if lease.taken {
        tracing::info!(gateway.id = %gateway, relay.url = %relay_url, "a gateway took its lease");
    }
    Ok(lease)
}
