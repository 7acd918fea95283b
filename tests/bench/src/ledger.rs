//! What each socket got of each room, held against the rule: every message once, in the order of `seq`.
//!
//! Rooms are new in every run, so the first number is 1.

#[cfg(test)]
mod tests;

use serde::Serialize;
use std::collections::BTreeSet;

/// A jump over more numbers than this is not a hole but nonsense, and must not cost memory.
const LARGEST_HOLE: u64 = 1_000_000;

/// What one socket got of one room.
#[derive(Debug, Default)]
pub struct Seen {
    /// The highest number so far.
    last: u64,
    /// The numbers below it that have not come.
    missing: BTreeSet<u64>,
    doubled: u64,
    out_of_order: u64,
}

/// What all senders of one room were promised.
#[derive(Debug, Default)]
pub struct Acked {
    last: u64,
    /// One bit for each number.
    bits: Vec<u64>,
    /// Numbers that were given to two messages.
    twice: u64,
}

/// What went wrong; all zero is the only good outcome.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mistakes {
    /// Messages that a socket should have got and did not.
    pub lost: u64,
    /// Messages that a socket got again, and numbers that two messages were acked with.
    pub doubled: u64,
    /// Messages that a socket got after a later one.
    pub out_of_order: u64,
}

impl Seen {
    pub fn take(&mut self, seq: u64) {
        if seq == self.last + 1 {
            self.last = seq;
        } else if seq > self.last {
            if seq - self.last > LARGEST_HOLE {
                self.out_of_order += 1;
                return;
            }
            self.missing.extend(self.last + 1..seq);
            self.last = seq;
        } else if self.missing.remove(&seq) {
            self.out_of_order += 1;
        } else {
            self.doubled += 1;
        }
    }

    /// Whether everything up to `acked` is here.
    pub fn is_complete(&self, acked: u64) -> bool {
        self.missing.is_empty() && self.last >= acked
    }

    /// The final account, given the highest number that was acked in the room. Numbers are dense, so a
    /// hole is a message that others have, acked or not.
    pub fn mistakes(&self, acked: u64) -> Mistakes {
        Mistakes {
            lost: self.missing.len() as u64 + acked.saturating_sub(self.last),
            doubled: self.doubled,
            out_of_order: self.out_of_order,
        }
    }
}

impl Acked {
    pub fn take(&mut self, seq: u64) {
        if seq > self.last + LARGEST_HOLE {
            self.twice += 1;
            return;
        }
        let (word, bit) = ((seq / 64) as usize, 1 << (seq % 64));
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        if self.bits[word] & bit != 0 {
            self.twice += 1;
        }
        self.bits[word] |= bit;
        self.last = self.last.max(seq);
    }

    /// The highest number.
    pub const fn last(&self) -> u64 {
        self.last
    }

    pub fn mistakes(&self) -> Mistakes {
        Mistakes {
            doubled: self.twice,
            ..Mistakes::default()
        }
    }
}

impl Mistakes {
    pub const fn any(&self) -> bool {
        self.lost + self.doubled + self.out_of_order > 0
    }
}

impl std::iter::Sum for Mistakes {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            lost: sum.lost + one.lost,
            doubled: sum.doubled + one.doubled,
            out_of_order: sum.out_of_order + one.out_of_order,
        })
    }
}
