//! What waits for its turn at one socket, and for how long it may.
//!
//! A client repeats what is not acknowledged in time, and its repeats wait behind what it has given up. A
//! queue that is late for long enough is then late for good: each event is done when nobody waits for it any
//! more, with nothing else wrong. So a queue may be long for a moment, as when a client says much at once or
//! the store was away; one that has not been empty since then may not, and what has waited is refused until
//! it is short ("controlled delay": B. Maurer, Fail at Scale, ACM Queue 13(8), 2015).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How many events of one socket may wait; further ones are refused, with a hint when to come back.
const WAITING: usize = 256;
/// How many bytes they may have together.
const WAITING_BYTES: usize = 1 << 20;
/// For how long a queue may be long, and how long an event may wait in it.
const MOMENT: Duration = Duration::from_secs(10);
/// How long an event may wait after that. Clients wait for an acknowledgement for five seconds: what is left
/// of them is for the work. And who has two under way, one behind the other, is not refused because a cluster
/// that is nearly overloaded takes more than a second for each.
const AFTER: Duration = Duration::from_secs(2);

/// How large an event is, and what its sender expects.
#[derive(Clone, Copy)]
pub struct Shape {
    pub bytes: usize,
    /// Whether its sender waits for an answer. One that does not will not repeat it either.
    pub is_awaited: bool,
}

/// What is to be done with the event whose turn it is.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn<T> {
    Do(T),
    /// It has waited for too long.
    Refuse(T),
}

/// The events of one socket, first come first served.
pub struct Queue<T> {
    waiting: VecDeque<(T, Shape, Instant)>,
    bytes: usize,
    /// Since when there has always been one to do.
    busy_since: Option<Instant>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            bytes: 0,
            busy_since: None,
        }
    }
}

impl<T> Queue<T> {
    /// Takes an event in.
    ///
    /// # Errors
    /// If there is no room for it.
    pub fn put(&mut self, event: T, shape: Shape, now: Instant) -> Result<(), T> {
        let bytes = self.bytes + shape.bytes;
        if self.waiting.len() >= WAITING || bytes > WAITING_BYTES {
            return Err(event);
        }
        self.bytes = bytes;
        self.waiting.push_back((event, shape, now));
        Ok(())
    }

    /// The event whose turn it is, after the one before is done.
    pub fn take(&mut self, now: Instant) -> Option<Turn<T>> {
        let Some((event, shape, since)) = self.waiting.pop_front() else {
            self.busy_since = None;
            return None;
        };
        self.bytes -= shape.bytes;
        let busy = now - *self.busy_since.get_or_insert(now);
        let patience = if shape.is_awaited && busy >= MOMENT {
            AFTER
        } else {
            MOMENT
        };
        Some(if now - since > patience {
            Turn::Refuse(event)
        } else {
            Turn::Do(event)
        })
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests;
