//! `confab-bench`: loads a running cluster as its clients would, and says what that costs and whether
//! each message came once and in order.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal: stdout is its report, stderr its progress"
)]

mod account;
mod args;
mod cluster;
mod conditions;
mod cost;
mod idle;
mod layout;
mod load;
mod procfs;
mod progress;
mod report;
mod rest;
mod socket;
mod speed;
mod stage;
mod storm;
mod tally;

use crate::args::{Args, Mode};
use crate::cluster::Cluster;
use crate::conditions::Conditions;
use crate::load::Window;
use crate::report::{Findings, Report};
use crate::socket::Run;
use crate::stage::Stage;
use crate::tally::Tally;
use anyhow::{Context as _, Result};
use clap::Parser as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

/// A message was lost, doubled or out of order.
const INCORRECT: u8 = 1;
/// There is nothing to report.
const NOT_MEASURED: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    match measured(&args) {
        Ok(report) if report.is_correct() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(INCORRECT),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(NOT_MEASURED)
        }
    }
}

fn measured(args: &Args) -> Result<Report> {
    let before = speed::rounds_per_us();
    let mut report = runtime(args.threads)?.block_on(measure(args))?;
    report.conditions.rounds_per_us = [before, speed::rounds_per_us()];
    println!("{report}");
    if let Some(path) = &args.json {
        report.write(path)?;
    }
    Ok(report)
}

fn runtime(threads: u16) -> Result<tokio::runtime::Runtime> {
    let mut builder = match threads {
        // No locks to wait for, no other thread to wake: it leaves more of the machine to the cluster.
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    builder
        .worker_threads(usize::from(threads))
        .enable_all()
        .build()
        .context("cannot start the runtime")
}

async fn measure(args: &Args) -> Result<Report> {
    let cluster = Cluster::read(&args.cluster)?;
    let mut layout = args.layout()?;
    if let Mode::Idle(wanted) | Mode::Storm(wanted) = args.mode() {
        layout.users = idle::limit(wanted, &cluster.gateway_processes())?;
    }
    let processes = cluster.processes();
    let conditions = Conditions::now(args, layout, &processes);
    let run = Arc::new(Run {
        gateways: cluster.gateways()?,
        name: name(),
        bytes: args.bytes as usize,
        tally: Tally::new(),
    });
    let findings = match args.mode() {
        Mode::Idle(_) => {
            let outcome = idle::idle(run, layout, &processes, args.duration).await?;
            Findings::Idle(Box::new(outcome))
        }
        Mode::Storm(_) => {
            let outcome = storm::storm(run, layout, &processes).await?;
            Findings::Storm(Box::new(outcome))
        }
        Mode::Closed(_) | Mode::Rate(_) => {
            let stage = Arc::new(set_stage(run, layout).await?);
            progress::say(&format!(
                "warming up for {:?}, then measuring for {:?}",
                args.warm_up, args.duration
            ));
            let window = Window::begin(
                &stage.run.tally,
                args.warm_up,
                args.duration,
                layout.stopped > 0,
            );
            match args.mode() {
                Mode::Rate(rate) => load::rate(&stage, window, rate)?,
                Mode::Closed(senders) => load::closed(&stage, window, senders),
                Mode::Idle(_) | Mode::Storm(_) => {}
            }
            let outcome = load::measure(&stage, window, &processes, args.settle).await?;
            Findings::Load(Box::new(outcome))
        }
    };
    Ok(Report {
        conditions,
        findings,
    })
}

async fn set_stage(run: Arc<Run>, layout: layout::Layout) -> Result<Stage> {
    let (accounts, rooms) = account::prepare(&run, layout).await?;
    progress::say("connecting");
    Stage::set(run, layout, &accounts, rooms).await
}

/// Tells this run's users from those of earlier ones on the same cluster.
fn name() -> String {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    format!("{:x}", since.as_millis())
}
