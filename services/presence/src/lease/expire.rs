//! A gateway has fallen silent: whoever notices takes its sockets away.

use crate::context::Context;
use crate::error::Error;

use super::{GatewayId, STEP};

/// How many silent gateways one sweep looks at.
const GATEWAYS: usize = 16;

/// Takes the sockets of all gateways away whose leases have ended. Any number of replicas may do this
/// at once: each socket is taken away by one of them.
pub async fn expire(context: &Context) -> Result<(), Error> {
    let mut outcome = Ok(());
    for gateway in context.store.expired(GATEWAYS).await? {
        // One that cannot be cleared up must not keep the others alive.
        if let Err(error) = vacate(context, &gateway).await {
            outcome = Err(error);
        }
    }
    outcome
}

async fn vacate(context: &Context, gateway: &GatewayId) -> Result<(), Error> {
    loop {
        let step = context.store.vacate(gateway, STEP).await?;
        metrics::counter!("confab_presence_expired_connections_total").increment(step.connections);
        if step.connections > 0 {
            tracing::warn!(
                gateway.id = %gateway, connections = step.connections,
                users_departed = step.users_departed, "a gateway's lease ended: sockets taken away"
            );
        }
        if !step.more {
            return Ok(());
        }
    }
}
