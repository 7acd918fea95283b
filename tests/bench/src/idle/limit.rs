//! How many connections the open-file limits of the generator and the gateways allow.

use super::FIRST;
use crate::cluster::Process;
use crate::procfs;
use crate::progress;
use anyhow::{Result, ensure};

/// Files that a process has open besides its client connections: logs, stores, gRPC, REST.
const OTHERS: u64 = 200;

/// `wanted`, or as many as can be, and then it says why.
pub fn limit(wanted: u32, gateways: &[Process]) -> Result<u32> {
    let room = |pid: u32, first: u64| {
        let files = procfs::open_files(pid).unwrap_or(u64::MAX);
        files.saturating_sub(OTHERS + first)
    };
    let replicas = gateways.len() as u64;
    let own = room(std::process::id(), u64::from(FIRST) * replicas);
    let smallest = gateways
        .iter()
        .map(|gateway| room(gateway.pid, u64::from(FIRST)))
        .min();
    let theirs = smallest.unwrap_or(u64::MAX).saturating_mul(replicas);
    let possible = own.min(theirs);
    ensure!(
        possible > 0,
        "the open-file limit leaves no room for a connection; raise it with `ulimit -n`"
    );
    if u64::from(wanted) <= possible {
        return Ok(wanted);
    }
    progress::say(&format!(
        "only {possible} of {wanted} connections: `ulimit -n` of the {} allows no more",
        if own <= theirs {
            "generator"
        } else {
            "gateways"
        }
    ));
    Ok(u32::try_from(possible).unwrap_or(wanted))
}
