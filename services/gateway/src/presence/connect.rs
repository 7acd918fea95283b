//! Telling presence of the sockets here.

use confab_fault::Fault;
use confab_proto::presence::{ConnectRequest, DisconnectRequest};

use crate::fanout::Connection;
use crate::gateway::Gateway;

/// A user is on this socket.
pub async fn connect(gateway: &Gateway, connection: &Connection) -> Result<(), Fault> {
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

/// A user is on this socket no more.
pub async fn disconnect(gateway: &Gateway, connection: &Connection) -> Result<(), Fault> {
    let request = DisconnectRequest {
        user_id: connection.principal.user.to_string(),
        connection_id: connection.id.to_string(),
        gateway_id: gateway.id.clone(),
    };
    gateway.clients.presence.disconnect(request).await.map(drop)
}

/// Tells of every socket here, one after the other: presence has forgotten them.
pub async fn all(gateway: &Gateway) -> Result<(), Fault> {
    let connections = gateway.connections.all();
    tracing::warn!(
        sockets = connections.len(),
        "presence has forgotten this gateway, telling it anew"
    );
    for connection in connections
        .iter()
        .filter(|connection| !connection.is_closed())
    {
        connect(gateway, connection).await?;
    }
    Ok(())
}
