//! A gateway says good-bye.

use crate::context::Context;
use crate::error::Error;

use super::{GatewayId, STEP};

/// Gives a lease up and takes the gateway's remaining sockets away. Watchers are told after the
/// debounce: most of the users are on their way to another gateway.
pub async fn release(context: &Context, gateway: &GatewayId) -> Result<(), Error> {
    // First, so that a sweep goes on with it should this call end half-way.
    context.store.end_lease(gateway).await?;
    let mut connections = 0;
    loop {
        let step = context.store.vacate(gateway, STEP).await?;
        connections += step.connections;
        if !step.more {
            tracing::info!(gateway.id = %gateway, connections, "a gateway gave its lease up");
            return Ok(());
        }
    }
}
