//! The keys that sign addresses of uploads: one for each day, shared by all gateways. This service only
//! keeps them, and makes no use of them.

use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;

/// What HMAC-SHA256 takes at its best.
pub const KEY_BYTES: usize = 32;
/// Addresses are good for two days at most, and clocks may be a little apart.
const AHEAD: i64 = 3;
const MS_A_DAY: i64 = 24 * 60 * 60 * 1_000;

/// Today, in days since the Unix epoch.
#[must_use]
pub fn today() -> i64 {
    now_ms() / MS_A_DAY
}

/// The key of a day: the candidate, if nobody proposed one before.
///
/// # Errors
/// If the day is too far away, or the candidate is no key; or the store fails.
pub async fn share(context: &Context, day: i64, candidate: Vec<u8>) -> Result<Vec<u8>, Error> {
    if !(-1..=AHEAD).contains(&(day - today())) {
        return Err(
            Invalid::Cursor("there are keys for yesterday, today and three days to come").into(),
        );
    }
    if candidate.len() != KEY_BYTES {
        return Err(Invalid::Cursor("a key has 32 bytes").into());
    }
    context
        .store
        .share_url_key(day, candidate)
        .await?
        .ok_or(Error::LogContended)
}
