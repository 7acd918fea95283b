//! What each process spent on the connections that it holds.

#[cfg(test)]
mod tests;

use crate::cluster::Process;
use crate::procfs::Usage;
use serde::Serialize;
use std::ops::Range;

/// One process, or all gateways together.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Footprint {
    pub name: String,
    /// Those it holds; for all but the gateways, those of the cluster.
    pub connections: u32,
    pub rss_before_kib: u64,
    pub rss_after_kib: u64,
    pub rss_closed_kib: u64,
    pub kib_per_connection: f64,
    pub connect_us_per_connection: f64,
    pub idle_us_per_connection_and_second: f64,
}

/// All processes, at four moments.
pub struct Samples {
    pub before: Vec<Usage>,
    pub connected: Vec<Usage>,
    pub held: Vec<Usage>,
    pub closed: Vec<Usage>,
    /// Between the second and the third.
    pub held_seconds: f64,
}

impl Samples {
    /// The gateways come first among the processes, in the order of their shares of the connections.
    pub fn footprints(&self, processes: &[Process], shares: &[u32]) -> Vec<Footprint> {
        let all: u32 = shares.iter().sum();
        let each = processes.iter().enumerate().map(|(index, process)| {
            let connections = shares.get(index).copied().unwrap_or(all);
            self.footprint(process.name.clone(), connections, index..index + 1)
        });
        let mut footprints: Vec<Footprint> = each.collect();
        if shares.len() > 1 {
            let sum = self.footprint("all gateways".to_owned(), all, 0..shares.len());
            footprints.insert(shares.len(), sum);
        }
        footprints
    }

    fn footprint(&self, name: String, connections: u32, range: Range<usize>) -> Footprint {
        let rss =
            |usages: &[Usage]| -> u64 { usages[range.clone()].iter().map(|one| one.rss_kib).sum() };
        let cpu =
            |usages: &[Usage]| -> u64 { usages[range.clone()].iter().map(|one| one.cpu_us).sum() };
        let (before, after) = (rss(&self.before), rss(&self.held));
        let connecting = cpu(&self.connected).saturating_sub(cpu(&self.before));
        let staying = cpu(&self.held).saturating_sub(cpu(&self.connected));
        let per_connection = |much: f64| much / f64::from(connections.max(1));
        Footprint {
            name,
            connections,
            rss_before_kib: before,
            rss_after_kib: after,
            rss_closed_kib: rss(&self.closed),
            kib_per_connection: per_connection(after as f64 - before as f64),
            connect_us_per_connection: per_connection(connecting as f64),
            idle_us_per_connection_and_second: per_connection(staying as f64 / self.held_seconds),
        }
    }
}
