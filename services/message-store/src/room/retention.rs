//! What a room keeps of its log.

use crate::invalid::Invalid;

/// A hundred years: longer than any duty to keep something.
const MOST_DAYS: i32 = 36_500;
const MOST_MESSAGES: i64 = 1_000_000_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// The messages of so many days, and so many messages; whichever is less. 0 is all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    pub days: i32,
    pub messages: i64,
}

impl Retention {
    /// # Errors
    /// If a number is negative or too large.
    pub fn parse(days: i32, messages: i64) -> Result<Self, Invalid> {
        if (0..=MOST_DAYS).contains(&days) && (0..=MOST_MESSAGES).contains(&messages) {
            Ok(Self { days, messages })
        } else {
            Err(Invalid::Retention)
        }
    }

    /// What both of them keep.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self {
            days: smaller(self.days, other.days),
            messages: smaller(self.messages, other.messages),
        }
    }

    /// Whether it keeps less than all.
    #[must_use]
    pub const fn is_bounded(self) -> bool {
        self.days != 0 || self.messages != 0
    }

    /// From when on messages are kept; none if for ever.
    #[must_use]
    pub fn since_ms(self, now_ms: i64) -> Option<i64> {
        (self.days != 0).then(|| now_ms - self.span_ms())
    }

    /// Until when a message is kept that was created then; none if for ever.
    #[must_use]
    pub fn until_ms(self, created_ms: i64) -> Option<i64> {
        (self.days != 0).then(|| created_ms + self.span_ms())
    }

    const fn span_ms(self) -> i64 {
        self.days as i64 * DAY_MS
    }
}

impl std::fmt::Display for Retention {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.days, self.messages)
    }
}

impl std::str::FromStr for Retention {
    type Err = Invalid;

    /// Reads what [`Display`](std::fmt::Display) writes.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (days, messages) = text.split_once('/').ok_or(Invalid::Retention)?;
        let number = |_| Invalid::Retention;
        Self::parse(
            days.parse().map_err(number)?,
            messages.parse().map_err(number)?,
        )
    }
}

/// The smaller of two bounds, where 0 is none.
fn smaller<N: Ord + Default>(one: N, other: N) -> N {
    let none = N::default();
    if one == none || (other != none && other < one) {
        other
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use super::Retention;

    const fn retention(days: i32, messages: i64) -> Retention {
        Retention { days, messages }
    }

    #[test]
    fn of_two_bounds_the_narrower_holds_and_zero_is_none() {
        let both = retention(30, 0).within(retention(0, 500));
        assert_eq!(both, retention(30, 500));
        assert_eq!(both.within(retention(7, 1_000)), retention(7, 500));
        assert!(
            !Retention::default()
                .within(Retention::default())
                .is_bounded()
        );
    }

    #[test]
    fn what_is_kept_begins_so_many_days_ago() {
        assert_eq!(retention(2, 0).since_ms(200_000_000), Some(27_200_000));
        assert_eq!(retention(2, 0).until_ms(27_200_000), Some(200_000_000));
        assert_eq!(retention(0, 9).since_ms(200_000_000), None);
    }

    #[test]
    fn it_is_read_as_it_is_written() {
        let written = retention(30, 1_000).to_string();
        assert_eq!(written, "30/1000");
        assert_eq!(written.parse(), Ok(retention(30, 1_000)));
        for wrong in ["", "30", "-1/5", "36501/0", "0/1000000001", "a/b"] {
            assert!(wrong.parse::<Retention>().is_err(), "{wrong}");
        }
    }
}
