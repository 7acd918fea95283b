//! The project's own command line: it knows which command was typed, and nothing of how it is done.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the terminal is its interface"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "it reads the environment a person types in"
)]

mod bench;
mod chaos;
mod checkout;
mod cluster;
mod command;
mod down;
mod files;
mod generate;
mod identity;
mod interrupt;
mod launch;
mod local;
mod ports;
mod process;
mod ready;
mod record;
mod services;
mod store;
mod stores;
mod test;
mod up;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Build, run and check Confab: one command to try it, one to test it.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Up(up::Options),
    Down(down::Options),
    Stores(stores::Options),
    Test(test::Options),
    Bench(bench::Options),
    Chaos(chaos::Options),
    Gen(generate::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Up(options) => up::up(options),
        Command::Down(options) => down::down(options),
        Command::Stores(options) => stores::stores(options),
        Command::Test(options) => test::test(options),
        Command::Bench(options) => bench::bench(options),
        Command::Chaos(options) => chaos::chaos(options),
        Command::Gen(options) => generate::generate(options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&error),
    }
}

/// Says what went wrong, unless it was said already, and chooses the exit code.
fn report(error: &anyhow::Error) -> ExitCode {
    if error.is::<interrupt::Interrupted>() {
        return ExitCode::from(130);
    }
    let failed = error.downcast_ref::<command::Failed>();
    // A command that failed has said why; only what we add to that is worth a line.
    if failed.is_none() || error.chain().len() > 1 {
        eprintln!("\nerror: {error:#}");
    }
    failed.map_or(ExitCode::FAILURE, |failed| ExitCode::from(failed.code))
}
