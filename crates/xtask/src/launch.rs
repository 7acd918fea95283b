//! The processes of one run, in waves: a wave starts when the one before is ready, and they stop
//! in reverse.

use crate::interrupt;
use crate::process::{Lifetime, Process, Spec, stop};
use crate::record::Entry;
use anyhow::{Result, bail};
use std::time::{Duration, Instant};

const GLANCE: Duration = Duration::from_millis(15);
/// A store replays its journal and a service builds its indexes within this; else something hangs.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// Started processes. Dropping it stops them, so that no failure on the way leaves one behind.
pub struct Launch {
    waves: Vec<Vec<Process>>,
    lifetime: Lifetime,
}

/// A process to start, and the question whether it is ready.
pub struct Candidate {
    pub spec: Spec,
    pub ready: Box<dyn Fn() -> bool>,
}

impl Launch {
    pub fn new(lifetime: Lifetime) -> Self {
        Self {
            waves: Vec::new(),
            lifetime,
        }
    }

    /// Starts all candidates together, returns their pids when all are ready.
    pub fn wave(&mut self, candidates: Vec<Candidate>) -> Result<Vec<u32>> {
        let mut questions = Vec::new();
        self.waves.push(Vec::new());
        for Candidate { spec, ready } in candidates {
            interrupt::check()?;
            let process = Process::start(spec, self.lifetime)?;
            questions.push((process.name.clone(), ready));
            self.last().push(process);
        }
        let pids = self.last().iter().map(Process::pid).collect();
        let deadline = Instant::now() + READY_WITHIN;
        while !questions.is_empty() {
            self.check()?;
            questions.retain(|(_, ready)| !ready());
            if Instant::now() > deadline {
                let names: Vec<_> = questions.iter().map(|(name, _)| name.as_str()).collect();
                let seconds = READY_WITHIN.as_secs();
                bail!(
                    "not ready after {seconds} s: {}; see its log in the log folder",
                    names.join(", ")
                );
            }
            std::thread::sleep(GLANCE);
        }
        Ok(pids)
    }

    /// An error if somebody asked to stop, or a process has ended by itself.
    pub fn check(&mut self) -> Result<()> {
        interrupt::check()?;
        for process in self.waves.iter_mut().flatten() {
            if let Some(status) = process.ended()? {
                bail!("{}", process.obituary(status));
            }
        }
        Ok(())
    }

    /// What runs now, for those who come later to stop it.
    pub fn entries(&self) -> Vec<Vec<Entry>> {
        let entry = |process: &Process| {
            process.identity().map(|identity| Entry {
                name: process.name.clone(),
                identity,
            })
        };
        self.waves
            .iter()
            .map(|wave| wave.iter().filter_map(entry).collect())
            .collect()
    }

    pub fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    /// Lets the processes live on without us.
    pub fn release(mut self) {
        self.waves.clear();
    }

    pub fn stop(&mut self) {
        for wave in self.waves.iter_mut().rev() {
            stop(wave);
        }
        self.waves.clear();
    }

    fn last(&mut self) -> &mut Vec<Process> {
        self.waves
            .last_mut()
            .expect("a wave is pushed before it is asked for")
    }
}

impl Drop for Launch {
    fn drop(&mut self) {
        self.stop();
    }
}
