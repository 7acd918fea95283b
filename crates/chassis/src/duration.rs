//! Durations as people write them: `30s`, `15m`, `30d`.

use std::time::Duration;

/// Reads a duration for clap.
///
/// # Errors
/// If the text is not a number with a unit.
pub fn parse(text: &str) -> Result<Duration, humantime::DurationError> {
    humantime::parse_duration(text)
}
