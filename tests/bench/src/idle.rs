//! What a connection that says nothing costs: memory, the work of connecting, the work of staying.

mod footprint;
mod limit;

use crate::account::{self, Account};
use crate::cluster::Process;
use crate::layout::Layout;
use crate::procfs::{self, Usage};
use crate::progress;
use crate::rest::Rest;
use crate::socket::{Run, Socket};
use crate::stage::Stage;
use anyhow::Result;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

pub use footprint::Footprint;
use footprint::Samples;
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
    pub held_seconds: f64,
    pub sockets_closed: u64,
    pub processes: Vec<Footprint>,
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
    let held_seconds = began.elapsed().as_secs_f64();
    let sockets_closed = run.tally.closed.load(Relaxed);

    drop(stage);
    let closed = settled(processes).await?;
    let samples = Samples {
        before,
        connected,
        held,
        closed,
        held_seconds,
    };
    let shares = shares(idlers, run.gateways.len());
    Ok(Outcome {
        connections: layout.users,
        connect_seconds,
        held_seconds,
        sockets_closed,
        processes: samples.footprints(processes, &shares),
    })
}

async fn connect(run: &Arc<Run>, accounts: &[Account]) -> Result<Vec<Socket>> {
    let mut sockets = Vec::new();
    for account in accounts {
        sockets.push(Socket::connect(run, account, Vec::new()).await?);
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
