//! Times as clients read them.

use std::time::{Duration, UNIX_EPOCH};

/// Milliseconds since the Unix epoch as RFC 3339 in UTC; `None` for 0, which means never.
pub fn rfc3339(at_ms: i64) -> Option<String> {
    let since_epoch = u64::try_from(at_ms).ok().filter(|ms| *ms > 0)?;
    let at = UNIX_EPOCH + Duration::from_millis(since_epoch);
    Some(humantime::format_rfc3339_millis(at).to_string())
}
