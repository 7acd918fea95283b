//! What came of a storm.

use super::{LIMIT, Met};
use crate::cluster::Process;
use crate::load::Quantiles;
use crate::procfs::Usage;
use hdrhistogram::Histogram;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub connections: u32,
    pub never_back: u32,
    /// Of connecting, by all together.
    pub attempts: u64,
    /// Of them, those that were answered with 503 and a `Retry-After`.
    pub refused: u64,
    /// What else came between.
    pub failures: BTreeMap<String, u64>,
    /// From the break until the socket was ready again, in milliseconds.
    pub ready_ms: Quantiles,
    pub processes: Vec<Effort>,
}

/// What one process did meanwhile.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Effort {
    pub name: String,
    pub rss_before_kib: u64,
    pub rss_most_kib: u64,
    pub rss_after_kib: u64,
    /// For a gateway, too, over all connections of the cluster.
    pub us_per_connection: f64,
    /// Of one core, 1.0 being all of it.
    pub cores: f64,
}

/// All processes before, at the most, and after.
pub struct Samples {
    pub before: Vec<Usage>,
    pub most: Vec<Usage>,
    pub after: Vec<Usage>,
    pub seconds: f64,
}

impl Outcome {
    pub fn new(connections: u32, met: Met, processes: &[Process], samples: &Samples) -> Self {
        let limit = u64::try_from(LIMIT.as_millis()).unwrap_or(u64::MAX);
        let mut times =
            Histogram::<u64>::new_with_bounds(1, limit, 3).expect("the bounds are in order");
        for ms in &met.ready_ms {
            times.saturating_record(*ms);
        }
        let back = u32::try_from(met.ready_ms.len()).unwrap_or(u32::MAX);
        let efforts = processes.iter().enumerate();
        Self {
            connections,
            never_back: connections.saturating_sub(back),
            attempts: met.attempts,
            refused: met.refused,
            failures: met.failures,
            ready_ms: Quantiles::of(&times),
            processes: efforts
                .map(|(index, process)| samples.effort(index, process, connections))
                .collect(),
        }
    }
}

impl Samples {
    fn effort(&self, index: usize, process: &Process, connections: u32) -> Effort {
        let (before, after) = (self.before[index], self.after[index]);
        let cpu_us = after.cpu_us.saturating_sub(before.cpu_us) as f64;
        Effort {
            name: process.name.clone(),
            rss_before_kib: before.rss_kib,
            rss_most_kib: self.most[index].rss_kib,
            rss_after_kib: after.rss_kib,
            us_per_connection: cpu_us / f64::from(connections.max(1)),
            cores: cpu_us / 1e6 / self.seconds,
        }
    }
}
