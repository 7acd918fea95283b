//! What came of it, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::args::Args;
use crate::clients::Outcome;

/// A fault that was done, and how long it was felt after it was over.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Happened {
    pub to: String,
    pub harm: String,
    pub recovered_ms: u64,
}

/// All of a run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    seed: u64,
    users: u32,
    rust_users: u32,
    rooms: u32,
    rate: u32,
    seconds: u64,
    faults: Vec<Happened>,
    outcome: Outcome,
}

impl Report {
    pub fn new(args: &Args, time: Duration, faults: Vec<Happened>, outcome: Outcome) -> Self {
        Self {
            seed: args.seed,
            users: args.users,
            rust_users: args.rust_users,
            rooms: args.rooms,
            rate: args.rate,
            seconds: time.as_secs(),
            faults,
            outcome,
        }
    }

    /// Whether every promise was kept.
    pub fn is_clean(&self) -> bool {
        let Outcome {
            lost,
            doubled,
            out_of_order,
            wrong_presences,
            acked,
            ref mistakes,
            ..
        } = self.outcome;
        lost + doubled + out_of_order + wrong_presences == 0 && acked > 0 && mistakes.is_empty()
    }

    /// Writes it as JSON.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)?;
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seed,
            users,
            rust_users,
            rooms,
            rate,
            seconds,
            ..
        } = self;
        writeln!(
            f,
            "\nseed {seed}, {users} users of socket.io-client and {rust_users} of a client in Rust in {rooms} rooms, \
             {rate} messages/s and 2 of each in Rust, {seconds} s"
        )?;
        writeln!(
            f,
            "\n{:<24} {:<8} {:>6} {:>16} {:>9}",
            "fault", "", "times", "recovered p50 ms", "max ms"
        )?;
        let mut by_fault: BTreeMap<(&str, &str), Vec<u64>> = BTreeMap::new();
        for Happened {
            to,
            harm,
            recovered_ms,
        } in &self.faults
        {
            by_fault.entry((to, harm)).or_default().push(*recovered_ms);
        }
        for ((to, harm), mut times) in by_fault {
            times.sort_unstable();
            let (middle, longest) = (times[times.len() / 2], times[times.len() - 1]);
            writeln!(
                f,
                "{to:<24} {harm:<8} {:>6} {middle:>16} {longest:>9}",
                times.len()
            )?;
        }
        let outcome = &self.outcome;
        writeln!(f)?;
        for (what, count) in [
            ("faults", self.faults.len() as u64),
            ("messages acked", outcome.acked),
            ("delivered", outcome.delivered),
            ("sends repeated", outcome.retries),
            ("reconnects", outcome.reconnects),
            ("lost", outcome.lost),
            ("doubled", outcome.doubled),
            ("out of order", outcome.out_of_order),
            ("wrong presences", outcome.wrong_presences),
            ("longest silence, ms", outcome.longest_silence_ms),
            ("longest delivery, ms", outcome.longest_delivery_ms),
        ] {
            writeln!(f, "{what:<22} {count:>10}")?;
        }
        for mistake in &outcome.mistakes {
            writeln!(f, "MISTAKE: {mistake}")?;
        }
        Ok(())
    }
}
