//! One child process: started with its own log file, watched, and stopped by its pid.

#[cfg(test)]
mod tests;

use crate::identity::{Identity, send};
use crate::interrupt;
use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Longer than any service's `SHUTDOWN_TIMEOUT`, so only a process that hangs is killed.
pub const PATIENCE: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(10);
const TAIL_BYTES: u64 = 8 * 1024;
const TAIL_LINES: usize = 20;

/// What to start.
pub struct Spec {
    pub name: String,
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    pub environment: Vec<(String, String)>,
    pub log: PathBuf,
}

/// How long a child may live.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Ends when xtask ends, even when xtask is killed (where the system can promise that: Linux).
    WithUs,
    /// Stays until `cargo xtask down`.
    Detached,
}

pub struct Process {
    pub name: String,
    pub log: PathBuf,
    child: Child,
}

impl Process {
    pub fn start(spec: Spec, lifetime: Lifetime) -> Result<Self> {
        let Spec {
            name,
            program,
            arguments,
            environment,
            log,
        } = spec;
        if let Some(folder) = log.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = Command::new(&program);
        command
            .args(arguments)
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file);
        set_apart(&mut command, lifetime);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {name} ({})", program.display()))?;
        Ok(Self { name, log, child })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn identity(&self) -> Option<Identity> {
        Identity::of(self.pid())
    }

    /// The exit status, once the process has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// The sentence for a process that ended unasked, with the last lines it wrote.
    pub fn obituary(&self, status: ExitStatus) -> String {
        let tail = tail(&self.log);
        let tail = if tail.is_empty() {
            "(its log is empty)".to_owned()
        } else {
            tail
        };
        format!(
            "{} ended by itself ({status}); {} ends with:\n{tail}",
            self.name,
            self.log.display()
        )
    }
}

/// Asks all to end at once, waits, and kills who does not. Calling it twice does no harm.
pub fn stop(processes: &mut [Process]) {
    for process in processes.iter_mut() {
        if matches!(process.ended(), Ok(None)) {
            send(process.pid(), Signal::SIGTERM);
        }
    }
    let deadline = Instant::now() + PATIENCE;
    for process in processes.iter_mut() {
        while matches!(process.ended(), Ok(None)) {
            if interrupt::insisted() || Instant::now() > deadline {
                eprintln!(
                    "warning: {} did not stop in time and is killed",
                    process.name
                );
                send(process.pid(), Signal::SIGKILL);
                let _ = process.child.wait();
            }
            std::thread::sleep(GLANCE);
        }
    }
}

/// Gives the child a session of its own, so that the terminal's Ctrl-C reaches only us and the
/// stop keeps its order; and ties its life to ours if it is not to outlive us.
#[allow(unsafe_code, reason = "the only way to run code between fork and exec")]
fn set_apart(command: &mut Command, lifetime: Lifetime) {
    let parent = nix::unistd::getpid();
    let between_fork_and_exec = move || {
        nix::unistd::setsid()?;
        if lifetime == Lifetime::WithUs {
            #[cfg(target_os = "linux")]
            nix::sys::prctl::set_pdeathsig(Signal::SIGTERM)?;
            // We may have died before the line above took effect.
            if nix::unistd::getppid() != parent {
                return Err(nix::errno::Errno::ESRCH.into());
            }
        }
        Ok(())
    };
    // SAFETY: setsid, prctl and getppid are async-signal-safe system calls; nothing allocates.
    unsafe { command.pre_exec(between_fork_and_exec) };
}

/// The last lines of a log, without reading all of it.
fn tail(log: &Path) -> String {
    let mut bytes = Vec::new();
    let read = File::open(log).and_then(|mut file| {
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        file.read_to_end(&mut bytes)
    });
    if read.is_err() {
        return String::new();
    }
    last_lines(&String::from_utf8_lossy(&bytes))
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}
