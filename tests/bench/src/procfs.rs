//! What Linux says of a process: its CPU time, its memory, its program, its limits.

pub mod machine;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result};
use serde::Serialize;
use std::fs;
use std::path::PathBuf;

/// Linux counts CPU time for user space in hundredths of a second on every architecture of ours.
const MICROSECONDS_PER_TICK: u64 = 10_000;

/// A process at one moment.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// User and system time of all its threads so far.
    pub cpu_us: u64,
    pub rss_kib: u64,
}

pub fn usage(pid: u32) -> Result<Usage> {
    let read = |name: &str| {
        fs::read_to_string(format!("/proc/{pid}/{name}"))
            .with_context(|| format!("process {pid} is gone"))
    };
    Ok(Usage {
        cpu_us: cpu_us(&read("stat")?).context("/proc/PID/stat has no CPU times")?,
        // A kernel thread or a zombie has none.
        rss_kib: kib(&read("status")?, "VmRSS").unwrap_or(0),
    })
}

/// The program of a process; none if it belongs to somebody else.
pub fn program(pid: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/exe")).ok()
}

/// How many files a process may have open.
pub fn open_files(pid: u32) -> Option<u64> {
    soft_limit(
        &fs::read_to_string(format!("/proc/{pid}/limits")).ok()?,
        "Max open files",
    )
}

/// The program's name is in parentheses and may contain anything, so the count starts at the last one.
fn cpu_us(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    // utime and stime are fields 14 and 15 of the line, and the first one here is field 3.
    let mut times = fields.split_ascii_whitespace().skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some((user + system) * MICROSECONDS_PER_TICK)
}

fn kib(status: &str, field: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

fn soft_limit(limits: &str, name: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix(name))?;
    match line.split_ascii_whitespace().next()? {
        "unlimited" => Some(u64::MAX),
        number => number.parse().ok(),
    }
}
