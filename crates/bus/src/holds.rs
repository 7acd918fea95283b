//! Which topics are needed here, by how many, and which of them Redis has confirmed. No I/O.

use std::collections::{HashMap, HashSet};

use tokio::sync::watch;

use crate::Topic;

/// The reference counts, and how far Redis has followed them.
#[derive(Default)]
pub struct Holds {
    entries: HashMap<Topic, Entry>,
    /// The topics of which Redis may have to be told; all others are as they should be.
    unsettled: HashSet<Topic>,
    held: usize,
}

struct Entry {
    holders: usize,
    confirmed: watch::Sender<bool>,
}

/// What Redis has to be told so that it follows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub subscribe: Vec<Topic>,
    pub unsubscribe: Vec<Topic>,
}

impl Holds {
    /// One more holder; true if Redis has to be told.
    pub fn add(&mut self, topic: Topic) -> (bool, watch::Receiver<bool>) {
        let entry = self.entries.entry(topic).or_insert_with(|| Entry {
            holders: 0,
            confirmed: watch::channel(false).0,
        });
        entry.holders += 1;
        self.held += usize::from(entry.holders == 1);
        let confirmed = entry.confirmed.subscribe();
        let tell = !*confirmed.borrow();
        if tell {
            self.unsettled.insert(topic);
        }
        (tell, confirmed)
    }

    /// One holder less; true if Redis has to be told.
    pub fn remove(&mut self, topic: Topic) -> bool {
        let Some(entry) = self.entries.get_mut(&topic) else {
            return false;
        };
        entry.holders -= 1;
        let tell = entry.holders == 0;
        if tell {
            self.held -= 1;
            self.unsettled.insert(topic);
        }
        tell
    }

    /// What is held and not confirmed, and what is no longer held. The latter counts as unconfirmed
    /// from now on: whoever holds it again while Redis is being told must wait for a new confirmation.
    pub fn changes(&mut self) -> Changes {
        let mut changes = Changes::default();
        for topic in &self.unsettled {
            let Some(entry) = self.entries.get(topic) else {
                continue;
            };
            if entry.holders == 0 {
                entry.confirmed.send_replace(false);
                changes.unsubscribe.push(*topic);
            } else if !*entry.confirmed.borrow() {
                changes.subscribe.push(*topic);
            }
        }
        changes
    }

    /// Redis listens on these now.
    pub fn subscribed(&mut self, topics: &[Topic]) {
        for topic in topics {
            if let Some(entry) = self.entries.get(topic) {
                entry.confirmed.send_replace(true);
                if entry.holders > 0 {
                    self.unsettled.remove(topic);
                }
            }
        }
    }

    /// Redis no longer listens on these. One that is held again meanwhile stays, unconfirmed.
    pub fn unsubscribed(&mut self, topics: &[Topic]) {
        for topic in topics {
            if self
                .entries
                .get(topic)
                .is_some_and(|entry| entry.holders == 0)
            {
                self.entries.remove(topic);
                self.unsettled.remove(topic);
            }
        }
    }

    /// The connection broke, and with it every subscription.
    pub fn forget_all(&mut self) {
        for (topic, entry) in &self.entries {
            entry.confirmed.send_replace(false);
            self.unsettled.insert(*topic);
        }
    }

    /// How many topics are held.
    pub const fn len(&self) -> usize {
        self.held
    }
}

#[cfg(test)]
mod tests;
