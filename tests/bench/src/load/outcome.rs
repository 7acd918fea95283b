//! What came of a load.

use super::Stopped;
use crate::cost::Cost;
use crate::tally;
use confab_bench::ledger::Mistakes;
use hdrhistogram::Histogram;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub seconds: f64,
    pub acked: u64,
    /// Over all sockets, the sender's own included.
    pub delivered: u64,
    pub acked_per_second: f64,
    pub delivered_per_second: f64,
    #[serde(flatten)]
    pub latencies: Latencies,
    /// What came after the window, if some stopped reading then.
    pub stopped: Option<Stopped>,
    pub costs: Vec<Cost>,
    /// What processes that are not listed used of the machine meanwhile, in cores.
    pub other_cores: f64,
    /// Of the whole run, warm-up included, as are the following.
    pub sent: u64,
    pub acked_in_all: u64,
    pub delivered_in_all: u64,
    pub refused: u64,
    pub unanswered: u64,
    pub sockets_closed: u64,
    pub complaints: BTreeMap<String, u64>,
    pub mistakes: Mistakes,
}

/// Of messages due in one window.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Latencies {
    pub to_ack: Quantiles,
    pub to_other: Quantiles,
    pub lateness: Quantiles,
}

impl Latencies {
    pub fn of(latencies: &tally::Latencies) -> Self {
        Self {
            to_ack: latencies.to_ack.read(Quantiles::of),
            to_other: latencies.to_other.read(Quantiles::of),
            lateness: latencies.lateness.read(Quantiles::of),
        }
    }
}

/// A latency in microseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Quantiles {
    pub p50: u64,
    pub p99: u64,
    pub p999: u64,
    pub max: u64,
    pub count: u64,
}

impl Quantiles {
    pub fn of(histogram: &Histogram<u64>) -> Self {
        Self {
            p50: histogram.value_at_quantile(0.5),
            p99: histogram.value_at_quantile(0.99),
            p999: histogram.value_at_quantile(0.999),
            max: histogram.max(),
            count: histogram.len(),
        }
    }
}
