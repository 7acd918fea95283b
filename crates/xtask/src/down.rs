//! `cargo xtask down`: stops what an earlier `up` left running, and nothing else.

use crate::checkout::Checkout;
use crate::identity::Identity;
use crate::process::PATIENCE;
use crate::record::{Entry, Record};
use anyhow::{Result, ensure};
use clap::Args;
use nix::sys::signal::Signal;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const GLANCE: Duration = Duration::from_millis(20);
/// An attached `up` stops five waves, each with its own patience.
const SUPERVISOR_PATIENCE: Duration = Duration::from_secs(150);

/// Stop a cluster that runs on this machine
///
/// Signals only processes that this checkout's `up` recorded, after comparing their start times:
/// a pid that belongs to somebody else by now is left alone.
#[derive(Args)]
pub struct Options {
    /// The data folder the cluster was started with [default: .confab in the checkout]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

pub fn down(options: Options) -> Result<()> {
    let data = Checkout::find()?.data(options.data.as_deref())?;
    let Some(record) = Record::read(&data)? else {
        println!("nothing runs on {}", data.display());
        return Ok(());
    };
    if let Some(supervisor) = record.supervisor.filter(Identity::alive) {
        println!(
            "asking the `cargo xtask up` that watches it (process {}) to stop",
            supervisor.pid
        );
        supervisor.signal(Signal::SIGTERM);
        let gone = wait_for(&[&supervisor], SUPERVISOR_PATIENCE);
        ensure!(
            gone,
            "process {} still runs; look into its terminal",
            supervisor.pid
        );
        println!("stopped");
        return Ok(());
    }
    for wave in record.waves.iter().rev() {
        stop(wave);
    }
    if let Some(file) = record.cluster {
        let _ = std::fs::remove_file(file);
    }
    Record::remove(&data);
    println!("stopped");
    Ok(())
}

fn stop(wave: &[Entry]) {
    let living: Vec<&Entry> = wave.iter().filter(|entry| entry.identity.alive()).collect();
    for entry in &living {
        println!("stopping {} (process {})", entry.name, entry.identity.pid);
        entry.identity.signal(Signal::SIGTERM);
    }
    let identities: Vec<&Identity> = living.iter().map(|entry| &entry.identity).collect();
    if wait_for(&identities, PATIENCE) {
        return;
    }
    for entry in living.iter().filter(|entry| entry.identity.alive()) {
        eprintln!("warning: {} did not stop in time and is killed", entry.name);
        entry.identity.signal(Signal::SIGKILL);
    }
}

/// Whether all have gone within that time.
fn wait_for(processes: &[&Identity], patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    while processes.iter().any(|process| process.alive()) {
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(GLANCE);
    }
    true
}
