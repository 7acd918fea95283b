//! The wish to stop: Ctrl-C, SIGTERM or a closed terminal; once politely, twice impatiently.

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// `timeout` and some terminals send the same signal twice in a row; a person is slower.
const ECHO: Duration = Duration::from_millis(500);

static REQUESTED: OnceLock<Instant> = OnceLock::new();
static INSISTED: AtomicBool = AtomicBool::new(false);

/// Somebody asked to stop before the work was done.
#[derive(Debug)]
pub struct Interrupted;

impl std::error::Error for Interrupted {}

impl std::fmt::Display for Interrupted {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("interrupted")
    }
}

/// From here on a signal to stop no longer ends the program by itself.
pub fn listen() -> Result<()> {
    let mut signals =
        Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot listen for signals")?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            if REQUESTED.get_or_init(Instant::now).elapsed() > ECHO {
                INSISTED.store(true, Ordering::SeqCst);
            }
        }
    });
    Ok(())
}

pub fn requested() -> bool {
    REQUESTED.get().is_some()
}

/// Asked a second time: patience is over.
pub fn insisted() -> bool {
    INSISTED.load(Ordering::SeqCst)
}

pub fn check() -> Result<()> {
    if requested() {
        Err(Interrupted.into())
    } else {
        Ok(())
    }
}
