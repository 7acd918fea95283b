//! `presence:watch` and `presence:unwatch`.

use std::sync::Arc;
use std::time::Instant;

use confab_ids::UserId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::ack::Reply;
use crate::contract::words::AnyId;
use crate::dialect::native::PresenceView;
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::presence::query::all_known;
use crate::presence::sight;

/// How many users one socket may watch.
const WATCHED: usize = 1_000;

/// Whom a client watches, or no longer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct Watch {
    #[schema(value_type = Vec<AnyId>, max_items = 1000)]
    user_ids: Vec<UserId>,
}

/// Its acknowledgement.
#[derive(Serialize, ToSchema)]
pub struct Answer {
    /// As they are now; empty when they are no longer watched.
    presences: Vec<PresenceView>,
}

/// Tells of every change from now on. Subscribes first and asks then, so that no change is missed.
pub async fn watch(gateway: &Gateway, connection: &Arc<Connection>, command: Watch, reply: Reply) {
    let is_new = |user: &&UserId| !connection.watches(**user);
    let added = command.user_ids.iter().filter(is_new).count();
    if command.user_ids.len() > WATCHED || connection.watching() + added > WATCHED {
        let error = Error::field("userIds", "a socket may watch 1000 users at most");
        return reply.failed(connection, error);
    }
    gateway.watchers.add(connection, &command.user_ids).await;
    let begun = Instant::now();
    match sight::look(gateway, connection, &command.user_ids).await {
        Ok(mut presences) => {
            for (user, presence) in command.user_ids.iter().zip(&mut presences) {
                if let Some(newer) = gateway.watchers.told_since(*user, begun) {
                    *presence = Some(newer.without(*user, connection.hidden(*user)));
                }
            }
            match all_known(presences) {
                Ok(presences) => reply.done(connection, Answer { presences }),
                Err(error) => reply.failed(connection, error),
            }
        }
        Err(error) => reply.failed(connection, error),
    }
}

/// Tells no more of these users.
pub fn unwatch(gateway: &Gateway, connection: &Connection, command: Watch, reply: Reply) {
    if command.user_ids.len() > WATCHED {
        return reply.failed(connection, Error::field("userIds", "must be 1000 at most"));
    }
    for user in &command.user_ids {
        if connection.unwatch(*user) {
            gateway.watchers.remove(connection, *user);
        }
    }
    reply.done(
        connection,
        Answer {
            presences: Vec::new(),
        },
    );
}
