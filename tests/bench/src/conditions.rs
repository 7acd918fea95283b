//! Under which conditions a run took place: a number without them is worth nothing.

use crate::args::{Args, Mode};
use crate::cluster::Process;
use crate::layout::Layout;
use crate::procfs;
use serde::Serialize;
use std::fs;
use std::process::Command;
use std::time::SystemTime;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Conditions {
    pub date: String,
    /// None outside a git checkout, or before its first commit.
    pub commit: Option<String>,
    pub cores: usize,
    pub cpu: String,
    pub kernel: String,
    /// The speed of the cores before and after the run; see [`crate::speed`].
    pub rounds_per_us: [f64; 2],
    pub open_files: Option<u64>,
    /// Each kind of process: how many, and which program.
    pub processes: Vec<Kind>,
    pub mode: Mode,
    pub layout: Layout,
    pub bytes: u32,
    pub generator_threads: u16,
    pub warm_up_seconds: f64,
    pub duration_seconds: f64,
}

#[derive(Debug, Serialize)]
pub struct Kind {
    pub kind: &'static str,
    pub replicas: usize,
    /// The end of the program's path, which tells a debug build from a release build.
    pub program: String,
}

impl Conditions {
    pub fn now(args: &Args, layout: Layout, processes: &[Process]) -> Self {
        let kinds = processes.chunk_by(|one, other| one.kind == other.kind);
        Self {
            date: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            commit: commit(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            cpu: cpu(),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")
                .map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned()),
            rounds_per_us: [0.0; 2],
            open_files: procfs::open_files(std::process::id()),
            processes: kinds.map(Kind::of).collect(),
            mode: args.mode(),
            layout,
            bytes: args.bytes,
            generator_threads: args.threads,
            warm_up_seconds: args.warm_up.as_secs_f64(),
            duration_seconds: args.duration.as_secs_f64(),
        }
    }

    /// Programs of ours that were built without optimisation, whose numbers mean little.
    pub fn unoptimised(&self) -> Vec<&'static str> {
        let slow = self
            .processes
            .iter()
            .filter(|kind| kind.program.starts_with("debug/"));
        slow.map(|kind| kind.kind).collect()
    }
}

impl Kind {
    fn of(replicas: &[Process]) -> Self {
        let program = procfs::program(replicas[0].pid).unwrap_or_default();
        let mut parts: Vec<_> = program.iter().rev().take(2).collect();
        parts.reverse();
        let parts: Vec<_> = parts.iter().map(|part| part.to_string_lossy()).collect();
        Self {
            kind: replicas[0].kind,
            replicas: replicas.len(),
            program: parts.join("/"),
        }
    }
}

fn cpu() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    info.lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or_else(|| "unknown".to_owned(), |(_, name)| name.trim().to_owned())
}

fn commit() -> Option<String> {
    let output = Command::new("git")
        .args(["describe", "--always", "--dirty", "--abbrev=12"])
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let commit = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    Some(commit).filter(|commit| !commit.is_empty())
}
