//! The order of one room's changes: each once, by revision, without a hole. No I/O, no clock.

use std::collections::BTreeMap;

/// How many changes may wait for a hole to be filled; more are dropped, and come with the filling.
const WAITING: usize = 1_024;

/// A place in a room's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The revision.
    pub rev: i64,
    /// The number of the last message.
    pub seq: i64,
}

/// Puts changes in order. What it hands out is to be delivered at once, in that order.
pub struct Sequencer<C> {
    /// Up to where everything has been delivered; `None` until the stream has started.
    delivered: Option<Position>,
    /// What came too early, by revision.
    waiting: BTreeMap<i64, (Position, C)>,
    /// The highest revision that the room is known to have.
    head: i64,
}

impl<C> Default for Sequencer<C> {
    fn default() -> Self {
        Self {
            delivered: None,
            waiting: BTreeMap::new(),
            head: 0,
        }
    }
}

impl<C> Sequencer<C> {
    /// Up to where everything has been delivered.
    pub const fn delivered(&self) -> Option<Position> {
        self.delivered
    }

    /// Begins after `at`; a stream that has begun stays where it is.
    pub fn start(&mut self, at: Position) -> Vec<(Position, C)> {
        if self.delivered.is_some() {
            self.know(at.rev);
            return Vec::new();
        }
        self.delivered = Some(at);
        self.know(at.rev);
        self.waiting = self.waiting.split_off(&(at.rev + 1));
        self.ready()
    }

    /// Takes a change as it comes, and hands out what is next now.
    pub fn offer(&mut self, at: Position, change: C) -> Vec<(Position, C)> {
        self.know(at.rev);
        match self.delivered {
            Some(delivered) if at.rev <= delivered.rev => Vec::new(),
            Some(delivered) if at.rev == delivered.rev + 1 => {
                self.delivered = Some(Position {
                    rev: at.rev,
                    seq: delivered.seq.max(at.seq),
                });
                let mut out = vec![(at, change)];
                out.append(&mut self.ready());
                out
            }
            _ => {
                if self.waiting.len() < WAITING {
                    self.waiting.insert(at.rev, (at, change));
                }
                Vec::new()
            }
        }
    }

    /// Takes what the store says has changed up to revision `complete`, each change in its newest state,
    /// ascending, and hands out what is next now.
    pub fn fill(&mut self, complete: i64, changes: Vec<(Position, C)>) -> Vec<(Position, C)> {
        let Some(mut delivered) = self.delivered else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for (at, change) in changes {
            if at.rev > delivered.rev {
                delivered = Position {
                    rev: at.rev,
                    seq: delivered.seq.max(at.seq),
                };
                out.push((at, change));
            }
        }
        delivered.rev = delivered.rev.max(complete);
        self.delivered = Some(delivered);
        self.know(complete);
        self.waiting = self.waiting.split_off(&(delivered.rev + 1));
        out.append(&mut self.ready());
        out
    }

    /// Gives up what is missing before the next change that is there, or up to the head, and hands out what
    /// is next then.
    pub fn skip(&mut self) -> Vec<(Position, C)> {
        let missing = self.waiting.keys().next().map_or(self.head, |rev| rev - 1);
        self.fill(missing, Vec::new())
    }

    /// The room is known to have come as far as revision `rev`.
    pub fn know(&mut self, rev: i64) {
        self.head = self.head.max(rev);
    }

    /// Whether something is known to be missing.
    pub fn is_behind(&self) -> bool {
        self.delivered
            .is_some_and(|delivered| delivered.rev < self.head)
    }

    /// How many changes wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    fn ready(&mut self) -> Vec<(Position, C)> {
        let mut out = Vec::new();
        while let Some(delivered) = self.delivered
            && let Some((at, change)) = self.waiting.remove(&(delivered.rev + 1))
        {
            self.delivered = Some(Position {
                rev: at.rev,
                seq: delivered.seq.max(at.seq),
            });
            out.push((at, change));
        }
        out
    }
}

#[cfg(test)]
mod tests;
