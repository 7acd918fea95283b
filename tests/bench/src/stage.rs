//! Everybody connected and nobody speaking: the rooms, the sockets, and what is true of all of them.

use crate::account::Account;
use crate::layout::Layout;
use crate::socket::{Order, Room, Run, Seat, Socket};
use anyhow::Result;
use confab_bench::ledger::Mistakes;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// How many sockets connect at once.
const AT_ONCE: usize = 32;

pub struct Stage {
    pub run: Arc<Run>,
    layout: Layout,
    rooms: Vec<Arc<Room>>,
    sockets: Vec<Socket>,
}

impl Stage {
    /// Connects everybody.
    pub async fn set(
        run: Arc<Run>,
        layout: Layout,
        accounts: &[Account],
        rooms: Vec<String>,
    ) -> Result<Self> {
        let rooms: Vec<Arc<Room>> = rooms.into_iter().map(Room::new).map(Arc::new).collect();
        let seats = layout.rooms_by_user();
        let sockets = stream::iter(accounts.iter().zip(&seats))
            .map(async |(account, seats)| {
                let seats = seats.iter().map(|&room| rooms[room as usize].clone());
                Socket::connect(&run, account, seats.collect()).await
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(Self {
            run,
            layout,
            rooms,
            sockets,
        })
    }

    /// The socket of the n-th sender, and what it is to send.
    pub fn order(&self, n: u64, due: u64) -> (&Socket, Order) {
        let (room, user) = self.layout.sender(n);
        let order = Order {
            room: self.rooms[room as usize].clone(),
            due,
            answered: None,
        };
        (&self.sockets[user as usize], order)
    }

    /// Lets those of the layout read no more; answers how many they are.
    pub fn stop_reading(&self) -> u32 {
        let stopped = self.layout.stopped();
        let sockets = stopped.map(|user| &self.sockets[user as usize].stopped);
        sockets.map(|stopped| stopped.store(true, Relaxed)).count() as u32
    }

    /// Those who are to get everything.
    fn readers(&self) -> impl Iterator<Item = &Socket> {
        let sockets = self.sockets.iter();
        sockets.filter(|socket| !socket.stopped.load(Relaxed))
    }

    /// Whether everybody has everything that was acked.
    pub fn is_complete(&self) -> bool {
        let complete = |seat: &Seat| seat.seen.is_complete(seat.room.acked.lock().last());
        self.readers()
            .all(|socket| socket.seats.lock().iter().all(complete))
    }

    /// What went wrong, over all rooms and sockets.
    pub fn mistakes(&self) -> Mistakes {
        let rooms = self.rooms.iter().map(|room| room.acked.lock().mistakes());
        let sockets = self.readers().map(|socket| {
            let seats = socket.seats.lock();
            let seats = seats
                .iter()
                .map(|seat| seat.seen.mistakes(seat.room.acked.lock().last()));
            seats.sum::<Mistakes>()
        });
        rooms.chain(sockets).sum()
    }
}
