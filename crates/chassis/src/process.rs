//! The life of a process: configuration, telemetry, start, ready, a signal, drain, exit code.

use std::fmt::Debug;
use std::future::Future;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use futures_util::future::BoxFuture;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::telemetry::{self, TelemetryConfig};

/// `EX_USAGE` of sysexits.h: the configuration is wrong, and starting again will not help.
const EXIT_CONFIGURATION: u8 = 64;

/// A service's configuration, as the process needs it.
pub trait Configuration: Parser + Debug {
    /// Everything wrong with the values taken together, one sentence each, by variable name.
    fn problems(&self) -> Vec<String>;
    /// How to log and trace.
    fn telemetry(&self) -> &TelemetryConfig;
    /// How long draining may take before the process ends all the same.
    fn shutdown_timeout(&self) -> Duration;
}

/// A service that has started: where it listens, and the end of it.
pub struct Running {
    /// What listens where, by name, for the log line `ready`.
    pub addresses: Vec<(&'static str, SocketAddr)>,
    /// Resolves when the service has drained after its stop token was cancelled, or has failed.
    pub done: BoxFuture<'static, anyhow::Result<()>>,
}

/// Runs a service from its command line to its exit code.
///
/// The first SIGTERM or SIGINT cancels the token that `start` was given; a second one, or the shutdown
/// timeout, ends the process at once.
pub fn run<C, F, Fut>(service: &'static str, start: F) -> ExitCode
where
    C: Configuration,
    F: FnOnce(C, CancellationToken) -> Fut,
    Fut: Future<Output = anyhow::Result<Running>>,
{
    let config = match C::try_parse() {
        Ok(config) => config,
        Err(error) => {
            // `--help` and `--version` come this way too; printing can only fail on a closed pipe.
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(EXIT_CONFIGURATION)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let problems = config.problems();
    if !problems.is_empty() {
        complain(service, &problems);
        return ExitCode::from(EXIT_CONFIGURATION);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime needs only threads and epoll");
    let outcome = runtime.block_on(live(service, config, start));
    // Blocking work that outlives the deadline must not hold the process.
    runtime.shutdown_timeout(Duration::from_millis(100));
    outcome
}

#[allow(clippy::print_stderr)] // Before telemetry, standard error is the only place to speak.
fn complain(service: &str, problems: &[String]) {
    for problem in problems {
        eprintln!("{service}: {problem}");
    }
}

async fn live<C, F, Fut>(service: &'static str, config: C, start: F) -> ExitCode
where
    C: Configuration,
    F: FnOnce(C, CancellationToken) -> Fut,
    Fut: Future<Output = anyhow::Result<Running>>,
{
    let telemetry = match telemetry::init(service, config.telemetry()) {
        Ok(telemetry) => telemetry,
        Err(error) => {
            complain(service, &[format!("telemetry cannot start: {error:#}")]);
            return ExitCode::FAILURE;
        }
    };
    tracing::info!(version = env!("CARGO_PKG_VERSION"), ?config, "starting");
    let outcome = stages(config, start).await;
    let code = match outcome {
        Ok(()) => {
            tracing::info!("stopped");
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "failed");
            ExitCode::FAILURE
        }
    };
    telemetry.flush().await;
    code
}

async fn stages<C, F, Fut>(config: C, start: F) -> anyhow::Result<()>
where
    C: Configuration,
    F: FnOnce(C, CancellationToken) -> Fut,
    Fut: Future<Output = anyhow::Result<Running>>,
{
    let timeout = config.shutdown_timeout();
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;

    let running = tokio::select! {
        started = start(config, stop.clone()) => started?,
        // Asked to stop before it was ready: nothing was promised to anybody.
        _ = terminate.recv() => return Ok(()),
        _ = interrupt.recv() => return Ok(()),
    };
    tracing::info!(addresses = ?running.addresses, "ready");

    let mut done = running.done;
    tokio::select! {
        ended = &mut done => return ended.context("the service ended by itself"),
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!(timeout = ?timeout, "stopping");
    stop.cancel();
    tokio::select! {
        ended = &mut done => ended,
        () = tokio::time::sleep(timeout) => anyhow::bail!("draining took longer than {timeout:?}"),
        _ = terminate.recv() => anyhow::bail!("a second signal ended the drain"),
        _ = interrupt.recv() => anyhow::bail!("a second signal ended the drain"),
    }
}
