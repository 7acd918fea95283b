//! What the streams of rooms have to do with the rest of the gateway.

use std::sync::Arc;

use confab_ids::{RoomId, UserId};
use tokio::sync::mpsc;

use super::connection::Connection;
use crate::media::links::Links;

/// How many moves may wait. What is beyond is seen at the next connection of whoever would have been told.
const WAITING: usize = 1_024;

/// What streams are given. Clones share it.
#[derive(Clone)]
pub struct Ties {
    /// Where uploads are.
    pub links: Arc<Links>,
    moves: mpsc::Sender<Move>,
}

/// Some came into a room, or went for good, in front of sockets that see others unasked.
pub struct Move {
    /// The room.
    pub room: RoomId,
    /// Who is in it from now on.
    pub coming: Vec<UserId>,
    /// Who is no longer.
    pub leaving: Vec<UserId>,
    /// The sockets that are in the room.
    pub connections: Vec<Arc<Connection>>,
}

impl Ties {
    /// With the end at which moves come out.
    pub fn new(links: Arc<Links>) -> (Self, mpsc::Receiver<Move>) {
        let (moves, coming_out) = mpsc::channel(WAITING);
        (Self { links, moves }, coming_out)
    }

    /// Somebody moved. Nothing is waited for: a stream must not.
    pub fn moved(&self, moved: Move) {
        if !moved.connections.is_empty() && self.moves.try_send(moved).is_err() {
            tracing::warn!("too many come and go, some will be seen at the next connection");
        }
    }
}
