//! A gateway says that it lives.

use crate::context::Context;
use crate::error::Error;

use super::{Gateway, Lease};

/// Renews or takes a lease, and answers all gateways that live.
pub async fn renew(context: &Context, gateway: &Gateway) -> Result<Lease, Error> {
    let lease = context.store.renew(gateway).await?;
    if lease.taken {
        tracing::info!(
            gateway.id = %gateway.id,
            relay.url = %gateway.relay_url,
            "a gateway took its lease"
        );
    }
    Ok(lease)
}
