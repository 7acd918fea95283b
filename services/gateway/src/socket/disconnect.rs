//! A socket is gone: nothing here may remember it.

use confab_proto::presence::DisconnectRequest;
use socketioxide::socket::Sid;

use super::inbox::Inbox;
use crate::fanout::Connection;
use crate::gateway::Gateway;

/// Takes a socket out of everything it was in. A repeat is nothing.
#[tracing::instrument(target = "confab", name = "socket.disconnect", skip_all, fields(connection.id = %id))]
pub async fn disconnect(gateway: &Gateway, inbox: &Inbox, id: Sid) {
    let Some(connection) = gateway.connections.remove(id) else {
        return;
    };
    metrics::gauge!("confab_gateway_connections").set(gateway.connections.len() as f64);
    let (rooms, watched) = connection.close();
    // After closing: an inbox that starts from now on sees that it must not.
    inbox.stop();
    for room in rooms {
        gateway.rooms.leave(&connection, room);
    }
    for user in watched {
        gateway.watchers.remove(&connection, user);
    }
    gateway.people.remove(&connection);
    depart(gateway, &connection).await;
}

/// The user is on this socket no more.
pub async fn depart(gateway: &Gateway, connection: &Connection) {
    let request = DisconnectRequest {
        user_id: connection.principal.user.to_string(),
        connection_id: connection.id.to_string(),
        gateway_id: gateway.id.clone(),
    };
    if let Err(fault) = gateway.clients.presence.disconnect(request).await {
        // The lease, or the next sweep, takes it away.
        tracing::warn!(user.id = %connection.principal.user, %fault, "cannot be shown as gone");
    }
}
