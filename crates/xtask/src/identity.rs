//! Which process a number means: a pid with its start time, since pids are given out again.

#[cfg(test)]
mod tests;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

/// One process, told apart from any later one with the same pid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub pid: u32,
    started: String,
}

impl Identity {
    /// `None` when no such process runs.
    pub fn of(pid: u32) -> Option<Self> {
        started(pid).map(|started| Self { pid, started })
    }

    pub fn alive(&self) -> bool {
        started(self.pid).as_ref() == Some(&self.started)
    }

    /// Signals the process if it is still the one meant.
    pub fn signal(&self, signal: Signal) {
        if self.alive() {
            send(self.pid, signal);
        }
    }
}

/// Signals a pid that is known to be ours; that it has gone meanwhile is no mistake.
pub fn send(pid: u32, signal: Signal) {
    let Ok(pid) = i32::try_from(pid) else { return };
    match kill(Pid::from_raw(pid), signal) {
        Ok(()) | Err(Errno::ESRCH) => {}
        Err(reason) => eprintln!("warning: cannot signal process {pid}: {reason}"),
    }
}

#[cfg(target_os = "linux")]
fn started(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    start_time(&stat).map(str::to_owned)
}

#[cfg(not(target_os = "linux"))]
fn started(pid: u32) -> Option<String> {
    let output = std::process::Command::new("ps")
        .args(["-o", "lstart=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    let started = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (!started.is_empty()).then_some(started)
}

/// Field 22 of `/proc/<pid>/stat`; the second field is the program's name in parentheses, which
/// may itself hold blanks and parentheses. A zombie has stopped running: it only waits to be
/// reaped, which inside some containers nobody does.
#[cfg(any(target_os = "linux", test))]
fn start_time(stat: &str) -> Option<&str> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    fields.nth(18)
}
