//! Finds a time in a log.

use std::ops::RangeInclusive;

use confab_ids::RoomId;

use crate::context::Context;
use crate::error::Error;

/// How many places one look takes in. With 15, a million messages take five looks.
const PROBES: i64 = 15;

/// The number of the first message among `seqs` that was created at `time_ms` or later; one past the
/// last if there is none. Times never go back along a log, so it can be searched without an index on
/// them. What is not there was taken by the room's retention, and is older than what is.
///
/// # Errors
/// If the store fails.
pub async fn seek(
    context: &Context,
    room: RoomId,
    seqs: RangeInclusive<i64>,
    time_ms: i64,
) -> Result<i64, Error> {
    // It is among first..=last + 1.
    let (mut first, mut last) = seqs.into_inner();
    while first <= last {
        let step = ((last - first + 1) / (PROBES + 1)).max(1);
        let probes: Vec<i64> = (0..PROBES)
            .map(|probe| first + step * (probe + 1) - 1)
            .filter(|seq| *seq <= last)
            .collect();
        let found = context.store.times_of(room, &probes).await?;
        for seq in probes {
            let is_before = |at_ms: i64| at_ms < time_ms;
            let probe = found.iter().find(|probe| probe.seq == seq);
            if probe.is_none_or(|probe| is_before(probe.at_ms)) {
                first = first.max(seq + 1);
            } else {
                last = last.min(seq - 1);
            }
        }
    }
    Ok(first)
}
