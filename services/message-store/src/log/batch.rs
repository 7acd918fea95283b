//! Records on their way into the log, with those who wait for them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use confab_ids::{MessageId, RoomId, UserId};
use tokio::sync::oneshot;

use super::recent::Recent;
use super::{Appended, Draft, Record};
use crate::error::Error;

/// How long a message may be on its way. Callers give up a little earlier; a message that they send
/// again is known by its id.
const DEADLINE: Duration = Duration::from_secs(8);

/// Where an answer goes. Nobody may be there any more, which is no concern of the log's.
type Answer = oneshot::Sender<Result<Appended, Error>>;

/// A record as it comes in.
pub struct Entry {
    pub draft: Draft,
    /// Stays the same however often the writer must try.
    pub id: MessageId,
    pub arrived: Instant,
    pub answer: Answer,
}

/// A record to be written once, with all who sent it.
pub struct Item {
    /// Its numbers and its time are those of the latest attempt.
    pub record: Record,
    /// An attempt to write it had no answer: it may be there, or come yet.
    in_doubt: bool,
    deadline: Instant,
    first: Answer,
    repeats: Vec<Answer>,
}

impl Item {
    fn new(entry: Entry) -> Self {
        Self {
            record: Record::new(entry.id, entry.draft),
            in_doubt: false,
            deadline: entry.arrived + DEADLINE,
            first: entry.answer,
            repeats: Vec::new(),
        }
    }

    pub fn is_late(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// Tells all who sent it that it is durable as it stands in this item.
    pub fn written(self) -> Arc<Record> {
        let record = Arc::new(self.record);
        tell(self.first, &record, false);
        for repeat in self.repeats {
            tell(repeat, &record, true);
        }
        record
    }

    /// Tells all who sent it that it was found in the store.
    pub fn found(self, record: &Arc<Record>) {
        // It is our own after all if an attempt of unknown outcome wrote it.
        tell(self.first, record, record.id != self.record.id);
        for repeat in self.repeats {
            tell(repeat, record, true);
        }
    }

    /// Nobody knows whether it was written.
    pub const fn doubt(&mut self) {
        self.in_doubt = true;
    }

    /// Tells all who sent it that it is not written, or that nobody knows.
    pub fn failed(self, error: &Error) {
        let error = if self.in_doubt {
            &Error::InDoubt
        } else {
            error
        };
        for answer in std::iter::once(self.first).chain(self.repeats) {
            let _ = answer.send(Err(error.clone()));
        }
    }
}

/// Makes one item of all entries that are the same message, in the order in which they came in, and
/// answers those that were written lately.
pub fn join(entries: impl Iterator<Item = Entry>, recent: &Recent) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(entries.size_hint().0);
    let mut places: HashMap<u64, usize> = HashMap::with_capacity(entries.size_hint().0);
    for entry in entries {
        if let Some(record) = recent.find(&entry.draft) {
            tell(entry.answer, record, true);
            continue;
        }
        let draft = &entry.draft;
        let key = identity(draft.room, draft.from, draft.client_message_id.as_str());
        match places.get(&key).map(|place| &mut items[*place]) {
            Some(item) if is_of(&item.record, draft) => item.repeats.push(entry.answer),
            // Two that only look alike are two; the store would tell them apart in any case.
            _ => {
                places.insert(key, items.len());
                items.push(Item::new(entry));
            }
        }
    }
    items
}

/// What makes a message the same message, as a number: equal for equals, and hardly ever for others.
pub fn identity(room: RoomId, from: UserId, client_message_id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (room, from, client_message_id).hash(&mut hasher);
    hasher.finish()
}

/// Whether this message is what that draft became.
pub fn is_of(record: &Record, draft: &Draft) -> bool {
    record.room == draft.room
        && record.from == draft.from
        && record.client_message_id == draft.client_message_id.as_str()
}

fn tell(answer: Answer, record: &Arc<Record>, repeated: bool) {
    let _ = answer.send(Ok(Appended {
        record: record.clone(),
        repeated,
    }));
}

#[cfg(test)]
mod tests;
