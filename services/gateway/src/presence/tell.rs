//! Telling presence of the sockets here; what could not be told is told later.

use std::collections::HashMap;
use std::sync::Arc;

use confab_fault::Fault;
use confab_proto::presence::{ConnectRequest, DisconnectRequest};
use futures_util::StreamExt as _;
use parking_lot::Mutex;

use crate::fanout::Connection;
use crate::gateway::Gateway;

/// How many sockets are told of at once, when there are many.
const AT_ONCE: usize = 32;

/// Sockets of which presence does not know how they are, by their ids. Bounded by the sockets that
/// there are, and by those that went while presence was away: each is told of once.
#[derive(Default)]
pub struct Untold(Mutex<HashMap<String, Arc<Connection>>>);

impl Untold {
    /// Everything has to be told anew.
    pub fn add(&self, connections: Vec<Arc<Connection>>) {
        let connections = connections.into_iter().map(|one| (one.id.to_string(), one));
        self.0.lock().extend(connections);
    }

    fn take(&self) -> Vec<Arc<Connection>> {
        std::mem::take(&mut *self.0.lock()).into_values().collect()
    }
}

/// Tells how a socket is: here, or gone. Presence being away must not keep anybody from talking.
pub async fn tell(gateway: &Gateway, connection: &Arc<Connection>) {
    let outcome = if connection.is_closed() {
        disconnect(gateway, connection).await
    } else {
        connect(gateway, connection).await
    };
    if let Err(fault) = outcome {
        tracing::warn!(user.id = %connection.principal.user, %fault, "presence cannot be told, trying again later");
        gateway.untold.add(vec![connection.clone()]);
    }
}

/// Tells of all sockets that could not be told of.
pub async fn tell_all(gateway: &Gateway) {
    let untold = futures_util::stream::iter(gateway.untold.take());
    let telling = async |connection: Arc<Connection>| tell(gateway, &connection).await;
    untold.for_each_concurrent(AT_ONCE, telling).await;
}

async fn connect(gateway: &Gateway, connection: &Connection) -> Result<(), Fault> {
    let request = ConnectRequest {
        user_id: connection.principal.user.to_string(),
        connection_id: connection.id.to_string(),
        gateway_id: gateway.id.clone(),
    };
    gateway.clients.presence.connect(request).await?;
    if connection.is_closed() {
        // Its going may have been told before its coming.
        disconnect(gateway, connection).await?;
    }
    Ok(())
}

async fn disconnect(gateway: &Gateway, connection: &Connection) -> Result<(), Fault> {
    let request = DisconnectRequest {
        user_id: connection.principal.user.to_string(),
        connection_id: connection.id.to_string(),
        gateway_id: gateway.id.clone(),
    };
    gateway.clients.presence.disconnect(request).await.map(drop)
}
