//! How busy the whole machine is, to tell a measurement from a machine that others were using as well.

#[cfg(test)]
mod tests;

use super::MICROSECONDS_PER_TICK;
use anyhow::{Context, Result};
use std::fs;

/// The CPU time of all processes so far, in microseconds.
pub fn busy_us() -> Result<u64> {
    let stat = fs::read_to_string("/proc/stat").context("cannot read /proc/stat")?;
    busy(&stat).context("/proc/stat does not begin with the CPU's times")
}

/// All of the first line but idle, waiting, and what guests had (which counts as user time already).
/// Stolen time counts: somebody had it, and it was not ours.
fn busy(stat: &str) -> Option<u64> {
    let times = stat.lines().next()?.strip_prefix("cpu ")?;
    let times: Vec<u64> = times
        .split_ascii_whitespace()
        .map(|time| time.parse().ok())
        .collect::<Option<_>>()?;
    let [
        user,
        nice,
        system,
        _idle,
        _waiting,
        interrupt,
        soft_interrupt,
        stolen,
        ..,
    ] = times[..]
    else {
        return None;
    };
    let ticks = user + nice + system + interrupt + soft_interrupt + stolen;
    Some(ticks * MICROSECONDS_PER_TICK)
}
