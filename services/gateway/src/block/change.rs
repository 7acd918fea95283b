//! A user blocks another one, or does so no longer.

use std::collections::HashMap;

use confab_bus::Topic;
use confab_chassis::trace;
use confab_ids::UserId;
use confab_proto::auth::{BlockUserRequest, UnblockUserRequest};
use confab_proto::event::event::Body;
use confab_proto::event::{BlockChanged, Event};

use crate::dialect::native::PresenceView;
use crate::error::Error;
use crate::fanout::{Hidden, Sighting};
use crate::gateway::Gateway;
use crate::presence::sight;
use crate::principal::Principal;

/// Blocks a user.
#[tracing::instrument(target = "confab", name = "block.add", skip_all)]
pub async fn block(gateway: &Gateway, principal: &Principal, other: UserId) -> Result<(), Error> {
    let request = BlockUserRequest {
        user_id: principal.user.to_string(),
        blocked_id: other.to_string(),
    };
    gateway.clients.auth.block_user(request).await?;
    tell(gateway, principal.user, other, true).await;
    Ok(())
}

/// Lifts a block.
#[tracing::instrument(target = "confab", name = "block.remove", skip_all)]
pub async fn unblock(gateway: &Gateway, principal: &Principal, other: UserId) -> Result<(), Error> {
    let request = UnblockUserRequest {
        user_id: principal.user.to_string(),
        blocked_id: other.to_string(),
    };
    gateway.clients.auth.unblock_user(request).await?;
    tell(gateway, principal.user, other, false).await;
    Ok(())
}

/// On the topic of the one it is about: the replicas that have sockets of theirs hold it.
async fn tell(gateway: &Gateway, user: UserId, other: UserId, blocked: bool) {
    let event = Event {
        traceparent: trace::traceparent(),
        body: Some(Body::BlockChanged(BlockChanged {
            user_id: user.to_string(),
            blocked,
        })),
        ..Event::default()
    };
    gateway.announce(Topic::User(other), &event);
    heard(gateway, other, user, blocked).await;
}

/// `user` is blocked by `blocker`, or no longer: what is known here is forgotten, and sockets that watch
/// the blocker see them go, or see how they are. A repeat is nothing.
pub async fn heard(gateway: &Gateway, user: UserId, blocker: UserId, blocked: bool) {
    gateway.blocks.forget(user);
    for connection in gateway.people.connections(user) {
        if !connection.watches(blocker) {
            continue;
        }
        let was_hidden = connection.hidden(blocker) == Some(Hidden::All);
        if blocked && !was_hidden {
            let hidden = HashMap::from([(blocker, Hidden::All)]);
            connection.hide(&[blocker], &hidden);
            Sighting::new(blocker, PresenceView::of_nobody(blocker)).give(&connection);
        } else if !blocked && was_hidden {
            match sight::look(gateway, &connection, &[blocker]).await {
                Ok(presences) => {
                    // Of whom nothing is known, their gateway will tell.
                    for presence in presences.into_iter().flatten() {
                        Sighting::new(blocker, presence).give(&connection);
                    }
                }
                Err(error) => tracing::warn!(%error, "cannot ask for presence after a block"),
            }
        }
    }
}
