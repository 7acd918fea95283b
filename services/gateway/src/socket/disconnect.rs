//! A socket is gone: nothing here may remember it.

use socketioxide::socket::Sid;

use super::inbox::Inbox;
use crate::gateway::Gateway;
use crate::presence;

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
    if let Err(fault) = presence::connect::disconnect(gateway, &connection).await {
        // The lease, when it ends, takes it away.
        tracing::warn!(user.id = %connection.principal.user, %fault, "cannot be shown as gone");
    }
}
