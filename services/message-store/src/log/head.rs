//! Where a room's log ends.

/// The last revision and the last number, or earlier ones: whoever holds a head knows that the log
/// goes at least so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// 0 in a new room.
    pub rev: i64,
    /// 0 in a room without messages.
    pub seq: i64,
    /// When the last message was created; 0 if there is none or it is not known.
    pub at_ms: i64,
}

impl Head {
    /// Where the log ends after one more message, which is never older than the one before.
    #[must_use]
    pub fn next(self, now_ms: i64) -> Self {
        Self {
            rev: self.rev + 1,
            seq: self.seq + 1,
            at_ms: self.at_ms.max(now_ms),
        }
    }

    /// Where the log ends after one more change of a message.
    #[must_use]
    pub fn next_change(self, now_ms: i64) -> Self {
        Self {
            seq: self.seq,
            ..self.next(now_ms)
        }
    }

    /// What two who know of the log know together.
    #[must_use]
    pub fn or_further(self, other: Self) -> Self {
        Self {
            rev: self.rev.max(other.rev),
            seq: self.seq.max(other.seq),
            at_ms: self.at_ms.max(other.at_ms),
        }
    }
}

#[cfg(test)]
mod tests;
