//! A room is a log: each message takes the next `seq` and the next `rev`, both without holes,
//! whatever crashes and whoever else writes.
//!
//! Why it holds: a message numbered n + 1 is inserted only by who knows that n is durable, and two
//! messages cannot have one number, for a unique index refuses the second. The heads kept in memory
//! save a read, no more: each is a message that was durable, and at worst not the last one.
//!
//! Why it is cheap: all messages that arrive while a batch is being written make up the next batch,
//! whatever rooms they are for, and a batch is one command. A room belongs to one writer in a process,
//! so a process never competes with itself.

mod batch;
pub mod changes;
mod head;
mod heads;
mod hints;
mod recent;
mod record;
pub mod seek;
mod trimmed;
mod writer;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Instant;

use confab_ids::{MessageId, RoomId};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use head::Head;
pub use heads::Heads;
pub use record::{Draft, Record, What};
pub use trimmed::Trimmed;

use crate::error::Error;
use crate::search::index::Backlog;
use crate::store::{Store, StoreError};

use batch::Entry;
use hints::Hints;
use writer::Writer;

/// How many messages may wait for one writer: what it writes in about a second.
const QUEUE: usize = 4_096;

/// A record that is durable.
#[derive(Clone, Debug)]
pub struct Appended {
    pub record: Arc<Record>,
    /// It was there already: nothing was appended.
    pub repeated: bool,
}

/// The one way to append to any log.
pub struct Log {
    queues: Box<[mpsc::Sender<Entry>]>,
    hints: Arc<Hints>,
    store: Store,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Log {
    /// Starts `writers` writers.
    #[must_use]
    pub fn open(store: &Store, heads: &Arc<Heads>, backlog: &Arc<Backlog>, writers: usize) -> Self {
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let hints = Arc::new(Hints::new(store.clone(), backlog.clone()));
        let queues = (0..writers)
            .map(|number| {
                let (sender, receiver) = mpsc::channel(QUEUE);
                let writer = Writer::new(number, store.clone(), heads.clone(), hints.clone());
                tasks.spawn(writer.run(receiver, stop.clone()));
                sender
            })
            .collect();
        tasks.spawn(hints.clone().flush_until(stop.clone()));
        Self {
            queues,
            hints,
            store: store.clone(),
            tasks,
            stop,
        }
    }

    /// Appends a record and answers when it is durable. If the caller goes away, it is appended all
    /// the same.
    ///
    /// # Errors
    /// If too many wait already, the store is known to be away, or it cannot be written before its
    /// deadline. It may have been written nevertheless; sending it again is safe.
    pub async fn append(&self, draft: Draft) -> Result<Appended, Error> {
        if self.store.is_away() {
            return Err(StoreError::Away.into());
        }
        let (answer, answered) = oneshot::channel();
        let queue = &self.queues[self.writer_of(draft.room)];
        let entry = Entry {
            draft,
            id: MessageId::generate(),
            arrived: Instant::now(),
            answer,
        };
        queue.try_send(entry).map_err(|refusal| match refusal {
            mpsc::error::TrySendError::Full(_) => Error::LogBusy,
            mpsc::error::TrySendError::Closed(_) => Error::Stopping,
        })?;
        answered.await.unwrap_or(Err(Error::Stopping))
    }

    /// Writes what is waiting, then the hints.
    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.hints.flush().await;
    }

    fn writer_of(&self, room: RoomId) -> usize {
        let mut hasher = DefaultHasher::new();
        room.hash(&mut hasher);
        let count = u64::try_from(self.queues.len()).expect("a process has few writers");
        usize::try_from(hasher.finish() % count).expect("below the number of writers")
    }
}
