//! How much a budget holds and how fast it fills: `10/5s`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The most that a budget may hold.
const MOST: u32 = 1_000_000;
/// The longest time in which it may fill. Times in microseconds stay exact in Lua's numbers up to here,
/// and far beyond.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3_600);

/// So many at once, and so many again in each period, evenly: a token bucket.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    count: u32,
    period: Duration,
}

/// Why something is not a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a number and a time like 10/5s: 1 to 1000000 in 1ms to 366d, at most one a microsecond"
)]
pub struct QuotaError;

impl Quota {
    /// `count` at once, and as many again in each `period`.
    ///
    /// # Errors
    /// If either is out of bounds.
    pub fn new(count: u32, period: Duration) -> Result<Self, QuotaError> {
        let possible = (1..=MOST).contains(&count)
            && period >= Duration::from_millis(1)
            && period <= LONGEST
            && period.as_micros() >= u128::from(count);
        possible.then_some(Self { count, period }).ok_or(QuotaError)
    }

    /// How much the budget holds.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.count
    }

    /// In which time an empty budget is full again.
    #[must_use]
    pub const fn period(self) -> Duration {
        self.period
    }

    /// The part of it that one of `replicas` may give out by itself: never nothing.
    #[must_use]
    pub const fn share(self, replicas: u32) -> Self {
        let replicas = if replicas == 0 { 1 } else { replicas };
        Self {
            count: self.count.div_ceil(replicas),
            period: self.period,
        }
    }

    /// In how many microseconds one comes back; rounded up, so that never more than the quota is given.
    #[must_use]
    pub fn interval(self) -> i64 {
        let interval = self.period.as_micros().div_ceil(u128::from(self.count));
        i64::try_from(interval).expect("a period is shorter than the ages")
    }

    /// In how many microseconds an empty budget is full.
    #[must_use]
    pub fn depth(self) -> i64 {
        self.interval() * i64::from(self.count)
    }
}

impl FromStr for Quota {
    type Err = QuotaError;

    fn from_str(text: &str) -> Result<Self, QuotaError> {
        let (count, period) = text.split_once('/').ok_or(QuotaError)?;
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let unit = period
            .find(|c: char| !c.is_ascii_digit())
            .ok_or(QuotaError)?;
        let (number, unit) = period.split_at(unit);
        if !digits(count) {
            return Err(QuotaError);
        }
        // `10/s` is ten a second.
        let number: u64 = match number {
            "" => 1,
            number => number.parse().map_err(|_| QuotaError)?,
        };
        let unit = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(QuotaError),
        };
        let period = number.checked_mul(unit).ok_or(QuotaError)?;
        let count = count.parse().map_err(|_| QuotaError)?;
        Self::new(count, Duration::from_millis(period))
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.period.as_millis();
        let units = [
            ("d", 86_400_000),
            ("h", 3_600_000),
            ("m", 60_000),
            ("s", 1_000),
            ("ms", 1),
        ];
        let whole = units
            .into_iter()
            .find(|(_, unit)| millis.is_multiple_of(*unit));
        let (unit, size) = whole.unwrap_or(("ms", 1));
        write!(f, "{}/{}{unit}", self.count, millis / size)
    }
}

impl fmt::Debug for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
