//! The second window, in which some members read nothing: what the others notice of it, and what it costs the
//! gateways to keep for them what they do not take.

use super::{Latencies, Window};
use crate::cluster::Process;
use crate::procfs;
use crate::stage::Stage;
use anyhow::Result;
use serde::Serialize;
use std::time::{Duration, Instant};

/// Between two looks at the gateways' memory.
const GLANCE: Duration = Duration::from_millis(100);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stopped {
    pub sockets: u32,
    /// Of the others.
    #[serde(flatten)]
    pub latencies: Latencies,
    /// Resident memory of all gateways together.
    pub rss_before_kib: u64,
    pub rss_most_kib: u64,
    pub rss_after_kib: u64,
}

/// Lets them stop, and watches until the end of the load.
pub async fn stopped(stage: &Stage, window: Window, processes: &[Process]) -> Result<Stopped> {
    let tally = &stage.run.tally;
    let memory = || -> Result<u64> {
        let gateways = processes.iter().filter(|process| process.kind == "gateway");
        gateways
            .map(|process| Ok(procfs::usage(process.pid)?.rss_kib))
            .sum()
    };
    let rss_before_kib = memory()?;
    let sockets = stage.stop_reading();
    let (mut rss_most_kib, mut rss_after_kib) = (rss_before_kib, rss_before_kib);
    let end = tally.instant(window.end);
    while Instant::now() < end {
        tokio::time::sleep(GLANCE).await;
        rss_after_kib = memory()?;
        rss_most_kib = rss_most_kib.max(rss_after_kib);
    }
    Ok(Stopped {
        sockets,
        latencies: Latencies::of(&tally.latencies[1]),
        rss_before_kib,
        rss_most_kib,
        rss_after_kib,
    })
}
