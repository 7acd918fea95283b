//! Breaks a running cluster at random while stock clients talk through it, and counts what they lost,
//! got twice or got out of order. It knows processes by their pids, and nothing of what they do.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the terminal is its interface"
)]

mod args;
mod clients;
mod cluster;
mod fault;
mod lines;
mod report;
mod run;
mod rust_client;
mod victim;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime needs a few threads");
    match runtime.block_on(run::run(&args)) {
        Ok(report) => {
            println!("{report}");
            if report.is_clean() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
