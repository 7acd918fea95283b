//! A socket is gone: nothing here may remember it.

use std::sync::Arc;

use super::inbox::Inbox;
use crate::fanout::ConnectionId;
use crate::gateway::Gateway;
use crate::presence;
use crate::typing;

/// Takes a socket out of everything it was in. A repeat is nothing.
#[tracing::instrument(target = "confab", name = "socket.disconnect", skip_all, fields(connection.id = %id))]
pub fn disconnect(gateway: &Arc<Gateway>, inbox: &Inbox, id: ConnectionId) {
    let Some((connection, shares)) = gateway.connections.remove(id) else {
        return;
    };
    if !shares {
        gateway.cords.forget(id.sid.as_str());
    }
    metrics::gauge!("confab_gateway_connections").set(gateway.connections.len() as f64);
    let (rooms, watched) = connection.close();
    // After closing: an inbox that starts from now on sees that it must not.
    inbox.stop();
    // After that: of what waited nothing may say that the user types.
    for room in connection.stops_typing() {
        typing::tell(gateway, &connection, room, false);
    }
    for room in rooms {
        gateway.rooms.leave(&connection, room);
    }
    for user in watched {
        gateway.watchers.remove(&connection, user);
    }
    gateway.people.remove(&connection);
    // On the side: the library keeps the socket until this is done.
    let gateway = gateway.clone();
    gateway
        .tasks
        .clone()
        .spawn(async move { presence::tell::tell(&gateway, &connection).await });
}
