//! The last messages that a writer wrote, so that a repeat that comes at once costs no trip to the
//! store. Repeats that come later are found there.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::batch::{identity, is_of};
use super::{Draft, Record};

/// At most 8 MB a writer, with the longest of messages.
const MOST: usize = 1_024;

/// Messages by who sent them where under which id.
#[derive(Default)]
pub struct Recent {
    by_identity: HashMap<u64, Arc<Record>>,
    in_order: VecDeque<u64>,
}

impl Recent {
    /// The message that this draft became when it was sent before, if that was lately.
    pub fn find(&self, draft: &Draft) -> Option<&Arc<Record>> {
        let key = identity(draft.room, draft.from, draft.client_message_id.as_str());
        self.by_identity
            .get(&key)
            .filter(|record| is_of(record, draft))
    }

    pub fn keep(&mut self, record: Arc<Record>) {
        let key = identity(record.room, record.from, &record.client_message_id);
        if self.by_identity.insert(key, record).is_none() {
            self.in_order.push_back(key);
        }
        if self.in_order.len() > MOST
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.by_identity.remove(&oldest);
        }
    }
}
