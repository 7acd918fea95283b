//! `room:sync`.

use std::collections::HashMap;

use confab_fault::Fault;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::ack::{Failure, Reply};
use crate::dialect::native::SyncView;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::room::sync::{Page, SyncRooms, sync};

/// Its acknowledgement.
#[derive(Serialize, ToSchema)]
pub struct Answer<'a> {
    rooms: HashMap<String, Room<'a>>,
}

/// What changed in a room, or why it is not known.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = SyncedRoom)]
enum Room<'a> {
    Synced(SyncView<'a>),
    Failed { error: Failure<'a> },
}

impl<'a> From<&'a Result<Page, Fault>> for Room<'a> {
    fn from(outcome: &'a Result<Page, Fault>) -> Self {
        match outcome {
            Ok(page) => Self::Synced(SyncView::from(page)),
            Err(fault) => Self::Failed {
                error: Failure::of(fault),
            },
        }
    }
}

/// Answers what has changed since, by room.
pub async fn handle(gateway: &Gateway, connection: &Connection, command: SyncRooms, reply: Reply) {
    let synced = match sync(gateway, &connection.principal, command).await {
        Ok(synced) => synced,
        Err(error) => return reply.failed(connection, error),
    };
    let synced: Vec<_> = synced
        .into_iter()
        .map(|synced| (synced.room, synced.outcome.map_err(Fault::from)))
        .collect();
    let rooms = synced
        .iter()
        .map(|(id, outcome)| (id.to_string(), Room::from(outcome)))
        .collect();
    reply.done(connection, Answer { rooms });
}
