//! Everybody loses the connection at once and comes back, each as `socket.io-client` does by default: after a
//! delay that doubles from one second to five, spread by half to either side.

mod outcome;

use crate::account::{self, Account};
use crate::cluster::Process;
use crate::layout::Layout;
use crate::procfs::{self, Usage};
use crate::progress;
use crate::socket::Run;
use crate::stage::Stage;
use anyhow::Result;
use confab_bench::handshake::{self, Stream};
use futures_util::future::join_all;
use parking_lot::Mutex;
use rand::Rng as _;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite;

pub use outcome::Outcome;
use outcome::Samples;

/// `reconnectionDelay` and `reconnectionDelayMax` of socket.io-client, and its `randomizationFactor`.
const DELAY: Duration = Duration::from_secs(1);
const LONGEST_DELAY: Duration = Duration::from_secs(5);
const SPREAD: f64 = 0.5;
/// Who is not back by then does not come back.
const LIMIT: Duration = Duration::from_secs(180);
/// Between two looks at the processes' memory.
const GLANCE: Duration = Duration::from_millis(100);

/// What all of them met on their way.
#[derive(Default)]
pub struct Met {
    attempts: u64,
    refused: u64,
    failures: BTreeMap<String, u64>,
    /// How long each took, in milliseconds.
    ready_ms: Vec<u64>,
}

/// Connects everybody of the layout, breaks all connections at once, and waits until all are back.
pub async fn storm(run: Arc<Run>, layout: Layout, processes: &[Process]) -> Result<Outcome> {
    let (accounts, rooms) = account::prepare(&run, layout).await?;
    progress::say(&format!("connecting {} sockets", layout.users));
    let stage = Stage::set(run.clone(), layout, &accounts, rooms).await?;

    progress::say("breaking all of them");
    let before = usages(processes)?;
    let (began, met) = (Instant::now(), Arc::new(Mutex::new(Met::default())));
    drop(stage);
    let coming = accounts.into_iter().map(|account| {
        let returning = come_back(
            run.gateways[account.gateway].clone(),
            account,
            met.clone(),
            began,
        );
        tokio::spawn(tokio::time::timeout(LIMIT, returning))
    });
    let coming: Vec<_> = coming.collect();
    let mut most = before.clone();
    while coming.iter().any(|one| !one.is_finished()) {
        tokio::time::sleep(GLANCE).await;
        for (most, now) in most.iter_mut().zip(usages(processes)?) {
            most.rss_kib = most.rss_kib.max(now.rss_kib);
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let after = usages(processes)?;
    let streams: Vec<Stream> = join_all(coming)
        .await
        .into_iter()
        .filter_map(|one| one.ok()?.ok())
        .collect();
    let met = std::mem::take(&mut *met.lock());
    let samples = Samples {
        before,
        most,
        after,
        seconds,
    };
    let outcome = Outcome::new(layout.users, met, processes, &samples);
    drop(streams);
    Ok(outcome)
}

fn usages(processes: &[Process]) -> Result<Vec<Usage>> {
    let usages = processes.iter().map(|process| procfs::usage(process.pid));
    usages.collect()
}

/// Tries until the socket is ready.
async fn come_back(
    gateway: String,
    account: Account,
    met: Arc<Mutex<Met>>,
    began: Instant,
) -> Stream {
    let mut delay = DELAY;
    loop {
        let spread = rand::rng().random_range(1.0 - SPREAD..1.0 + SPREAD);
        tokio::time::sleep(delay.mul_f64(spread)).await;
        delay = (delay * 2).min(LONGEST_DELAY);
        met.lock().attempts += 1;
        match handshake::shake(&gateway, &account.token).await {
            Ok(stream) => {
                let took = began.elapsed().as_millis();
                met.lock()
                    .ready_ms
                    .push(u64::try_from(took).unwrap_or(u64::MAX));
                return stream;
            }
            Err(error) => met.lock().failed(&error),
        }
    }
}

impl Met {
    fn failed(&mut self, error: &anyhow::Error) {
        if let Some(tungstenite::Error::Http(answer)) = error.downcast_ref()
            && answer.status() == http::StatusCode::SERVICE_UNAVAILABLE
        {
            self.refused += 1;
        } else {
            *self.failures.entry(format!("{error:#}")).or_default() += 1;
        }
    }
}
