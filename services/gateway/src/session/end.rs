//! Sessions have ended: their sockets are closed, here and on the other replicas.

use confab_bus::Topic;
use confab_chassis::trace;
use confab_ids::{SessionId, UserId};
use confab_proto::event::event::Body;
use confab_proto::event::{Event, SessionsRevoked};

use crate::gateway::Gateway;

/// How many sessions one event names.
const NAMED: usize = 500;

/// Tells all replicas, and closes the sockets here at once: Redis may be away.
pub fn tell(gateway: &Gateway, user: UserId, sessions: &[SessionId]) {
    for sessions in sessions.chunks(NAMED) {
        let session_ids = sessions.iter().map(ToString::to_string).collect();
        let event = Event {
            traceparent: trace::traceparent(),
            body: Some(Body::SessionsRevoked(SessionsRevoked { session_ids })),
            ..Event::default()
        };
        gateway.announce(Topic::User(user), &event);
        end(gateway, user, sessions);
    }
}

/// Closes this replica's sockets of a user's sessions. A repeat is nothing.
pub fn end(gateway: &Gateway, user: UserId, sessions: &[SessionId]) {
    for connection in gateway.people.connections(user) {
        if sessions.contains(&connection.principal.session) {
            tracing::info!(user.id = %user, connection.id = %connection.id, "its session has ended, the socket is closed");
            connection.revoke();
        }
    }
}
