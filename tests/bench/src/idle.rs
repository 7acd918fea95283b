//! What a connection that says nothing costs: memory, the work of connecting, the work of staying.

mod limit;

use crate::account::{self, Account};
use crate::cluster::Process;
use crate::layout::Layout;
use crate::load::Stage;
use crate::procfs::{self, Usage};
use crate::progress;
use crate::rest::Rest;
use crate::socket::{Run, Socket};
use anyhow::Result;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

pub use limit::limit;

/// Connections of each gateway that are there before the first measurement, so that what a process
/// makes once, at its first connections, is not counted.
pub const FIRST: u32 = 10;
/// How long memory must not have changed to be taken for settled.
const STILL: Duration = Duration::from_secs(1);
/// How long it may take to settle.
const LIMIT: Duration = Duration::from_secs(10);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub connections: u32,
    pub connect_seconds: f64,
    pub idle_seconds: f64,
    pub sockets_closed: u64,
    pub processes: Vec<Footprint>,
}

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

struct Samples {
    before: Vec<Usage>,
    connected: Vec<Usage>,
    held: Vec<Usage>,
    closed: Vec<Usage>,
}

/// Connects everybody of the layout and holds them for `hold`. The accounts beyond the layout's are
/// those of the first connections.
pub async fn idle(
    run: Arc<Run>,
    layout: Layout,
    processes: &[Process],
    hold: Duration,
) -> Result<Outcome> {
    let rest = Rest::new();
    let first = FIRST * run.gateways.len() as u32;
    progress::say(&format!("signing up {} users", layout.users + first));
    let accounts = account::sign_up(&rest, &run.gateways, &run.name, layout.users + first).await?;
    let (idlers, first) = accounts.split_at(layout.users as usize);
    let rooms = account::make_rooms(&rest, &run.gateways, layout, idlers).await?;
    let _first = connect(&run, first).await?;
    let before = settled(processes).await?;

    progress::say(&format!("connecting {} sockets", layout.users));
    let began = Instant::now();
    let stage = Stage::set(run.clone(), layout, idlers, rooms).await?;
    let connect_seconds = began.elapsed().as_secs_f64();
    let connected = settled(processes).await?;

    progress::say(&format!("holding them for {hold:?}"));
    let began = Instant::now();
    tokio::time::sleep(hold).await;
    let held = usages(processes)?;
    let idle_seconds = began.elapsed().as_secs_f64();
    let sockets_closed = run.tally.closed.load(Relaxed);

    drop(stage);
    let samples = Samples {
        before,
        connected,
        held,
        closed: settled(processes).await?,
    };
    Ok(Outcome {
        connections: layout.users,
        connect_seconds,
        idle_seconds,
        sockets_closed,
        processes: footprints(
            processes,
            &samples,
            &shares(idlers, run.gateways.len()),
            idle_seconds,
        ),
    })
}

async fn connect(run: &Arc<Run>, accounts: &[Account]) -> Result<Vec<Socket>> {
    let mut sockets = Vec::new();
    for account in accounts {
        sockets.push(Socket::connect(run, account, &[]).await?);
    }
    Ok(sockets)
}

/// How many connections each gateway holds.
fn shares(accounts: &[Account], gateways: usize) -> Vec<u32> {
    let mut shares = vec![0; gateways];
    for account in accounts {
        shares[account.gateway] += 1;
    }
    shares
}

fn footprints(
    processes: &[Process],
    samples: &Samples,
    shares: &[u32],
    seconds: f64,
) -> Vec<Footprint> {
    let all: u32 = shares.iter().sum();
    let each = processes.iter().enumerate().map(|(index, process)| {
        // The gateways come first, in the order of their shares.
        let connections = shares.get(index).copied().unwrap_or(all);
        samples.footprint(process.name.clone(), connections, index..index + 1, seconds)
    });
    let mut footprints: Vec<Footprint> = each.collect();
    if shares.len() > 1 {
        let sum = samples.footprint("all gateways".to_owned(), all, 0..shares.len(), seconds);
        footprints.insert(shares.len(), sum);
    }
    footprints
}

impl Samples {
    fn footprint(
        &self,
        name: String,
        connections: u32,
        range: std::ops::Range<usize>,
        seconds: f64,
    ) -> Footprint {
        let rss = |usages: &[Usage]| usages[range.clone()].iter().map(|one| one.rss_kib).sum();
        let cpu =
            |usages: &[Usage]| -> u64 { usages[range.clone()].iter().map(|one| one.cpu_us).sum() };
        let (before, after): (u64, u64) = (rss(&self.before), rss(&self.held));
        let per_connection = |much: f64| much / f64::from(connections.max(1));
        let connecting = cpu(&self.connected).saturating_sub(cpu(&self.before));
        let staying = cpu(&self.held).saturating_sub(cpu(&self.connected));
        Footprint {
            name,
            connections,
            rss_before_kib: before,
            rss_after_kib: after,
            rss_closed_kib: rss(&self.closed),
            kib_per_connection: per_connection(after as f64 - before as f64),
            connect_us_per_connection: per_connection(connecting as f64),
            idle_us_per_connection_and_second: per_connection(staying as f64 / seconds),
        }
    }
}

fn usages(processes: &[Process]) -> Result<Vec<Usage>> {
    processes
        .iter()
        .map(|process| procfs::usage(process.pid))
        .collect()
}

/// The usages when memory has not changed for a while.
async fn settled(processes: &[Process]) -> Result<Vec<Usage>> {
    let end = Instant::now() + LIMIT;
    let rss = |usages: &[Usage]| -> u64 { usages.iter().map(|usage| usage.rss_kib).sum() };
    let (mut last, mut since) = (usages(processes)?, Instant::now());
    loop {
        tokio::time::sleep(STILL / 10).await;
        let now = usages(processes)?;
        if rss(&now) != rss(&last) {
            since = Instant::now();
        }
        last = now;
        if since.elapsed() >= STILL || Instant::now() >= end {
            return Ok(last);
        }
    }
}
