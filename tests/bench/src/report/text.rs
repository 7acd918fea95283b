//! The report as a text to read.

use super::{Findings, Report};
use crate::args::Mode;
use crate::conditions::Conditions;
use crate::load::Quantiles;
use crate::{idle, load, storm};
use std::fmt;

/// What a quiet system does beside the run, in cores; with more, numbers are not to be compared.
const DISTURBING: f64 = 0.1;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        conditions(f, &self.conditions)?;
        match &self.findings {
            Findings::Load(outcome) => loaded(f, outcome, self.conditions.generator_threads),
            Findings::Idle(outcome) => idled(f, outcome),
            Findings::Storm(outcome) => stormed(f, outcome),
        }
    }
}

fn conditions(f: &mut fmt::Formatter<'_>, conditions: &Conditions) -> fmt::Result {
    let Conditions {
        date,
        cores,
        cpu,
        kernel,
        layout,
        ..
    } = conditions;
    let commit = conditions.commit.as_deref().unwrap_or("unknown");
    writeln!(f, "{date}, commit {commit}")?;
    let [before, after] = conditions.rounds_per_us;
    writeln!(
        f,
        "{cores} cores ({cpu}, speed {before:.0} before and {after:.0} after), Linux {kernel}"
    )?;
    let kinds = conditions.processes.iter();
    let kinds = kinds.map(|kind| format!("{} {} ({})", kind.replicas, kind.kind, kind.program));
    writeln!(f, "{}", kinds.collect::<Vec<_>>().join(", "))?;
    let mode = match conditions.mode {
        Mode::Closed(senders) => format!("closed loop, {senders} senders"),
        Mode::Rate(rate) => format!("fixed rate, {rate} messages/s"),
        Mode::Idle(connections) => format!("{connections} idle connections"),
        Mode::Storm(connections) => format!("{connections} connections that break at once"),
    };
    writeln!(
        f,
        "{mode}; {} rooms of {}, {} users, contents of {} bytes, {} s after {} s of warm-up, {} generator thread(s)",
        layout.rooms,
        layout.members,
        layout.users,
        conditions.bytes,
        conditions.duration_seconds,
        conditions.warm_up_seconds,
        conditions.generator_threads
    )?;
    let unoptimised = conditions.unoptimised();
    if !unoptimised.is_empty() {
        let unoptimised = unoptimised.join(", ");
        writeln!(
            f,
            "NOT OPTIMISED, so the numbers mean little: {unoptimised}"
        )?;
    }
    writeln!(f)
}

fn loaded(f: &mut fmt::Formatter<'_>, outcome: &load::Outcome, threads: u16) -> fmt::Result {
    writeln!(
        f,
        "acked      {:>10.1}/s  ({} in {:.1} s)",
        outcome.acked_per_second, outcome.acked, outcome.seconds
    )?;
    writeln!(
        f,
        "delivered  {:>10.1}/s  ({})\n",
        outcome.delivered_per_second, outcome.delivered
    )?;
    latencies(f, "latency, ms", &outcome.latencies)?;
    if let Some(stopped) = &outcome.stopped {
        writeln!(f)?;
        let title = format!("{} read nothing", stopped.sockets);
        latencies(f, &title, &stopped.latencies)?;
        writeln!(
            f,
            "RSS MiB of the gateways: {:.1} before, {:.1} at most, {:.1} at the end",
            mib(stopped.rss_before_kib),
            mib(stopped.rss_most_kib),
            mib(stopped.rss_after_kib)
        )?;
    }

    writeln!(
        f,
        "\n{:<18} {:>7} {:>13} {:>13} {:>18}",
        "process", "cores", "CPU-µs/acked", "CPU-µs/deliv.", "RSS MiB"
    )?;
    for cost in &outcome.costs {
        writeln!(
            f,
            "{:<18} {:>7.2} {:>13.1} {:>13.2} {:>8.1} > {:>7.1}",
            cost.name,
            cost.cores,
            cost.us_per_acked,
            cost.us_per_delivered,
            mib(cost.rss_before_kib),
            mib(cost.rss_after_kib)
        )?;
    }
    writeln!(f, "{:<18} {:>7.2}", "everything else", outcome.other_cores)?;
    if outcome.other_cores > DISTURBING {
        writeln!(
            f,
            "OTHERS USED THE MACHINE: fewer messages, longer latencies, and CPU times of shared caches"
        )?;
    }
    let generator = outcome.costs.iter().find(|cost| cost.name == "generator");
    if let Some(generator) = generator
        && generator.cores > 0.8 * f64::from(threads)
    {
        writeln!(
            f,
            "THE GENERATOR WAS BUSY: latencies are partly its own; see --threads"
        )?;
    }

    let mistakes = outcome.mistakes;
    writeln!(
        f,
        "\nlost {}, doubled {}, out of order {}  (of {} acked in all; {} sent, {} refused for a while, {} unanswered, {} sockets closed)",
        mistakes.lost,
        mistakes.doubled,
        mistakes.out_of_order,
        outcome.acked_in_all,
        outcome.sent,
        outcome.refused,
        outcome.unanswered,
        outcome.sockets_closed
    )?;
    for (complaint, times) in &outcome.complaints {
        writeln!(f, "{times} x {complaint}")?;
    }
    Ok(())
}

fn latencies(f: &mut fmt::Formatter<'_>, title: &str, latencies: &load::Latencies) -> fmt::Result {
    writeln!(
        f,
        "{title:<24} {:>9} {:>9} {:>9} {:>9}",
        "p50", "p99", "p99.9", "max"
    )?;
    latency(f, "send to ack", latencies.to_ack)?;
    latency(f, "send to other sockets", latencies.to_other)?;
    latency(f, "(generator late by)", latencies.lateness)
}

fn latency(f: &mut fmt::Formatter<'_>, name: &str, quantiles: Quantiles) -> fmt::Result {
    let ms = |us: u64| us as f64 / 1_000.0;
    let Quantiles {
        p50,
        p99,
        p999,
        max,
        ..
    } = quantiles;
    writeln!(
        f,
        "{name:<24} {:>9.2} {:>9.2} {:>9.2} {:>9.2}",
        ms(p50),
        ms(p99),
        ms(p999),
        ms(max)
    )
}

fn idled(f: &mut fmt::Formatter<'_>, outcome: &idle::Outcome) -> fmt::Result {
    writeln!(
        f,
        "{} connections in {:.1} s ({:.0}/s), held for {:.0} s, {} closed meanwhile\n",
        outcome.connections,
        outcome.connect_seconds,
        f64::from(outcome.connections) / outcome.connect_seconds,
        outcome.held_seconds,
        outcome.sockets_closed
    )?;
    writeln!(
        f,
        "{:<18} {:>11} {:>30} {:>10} {:>14} {:>14}",
        "process",
        "connections",
        "RSS MiB before > with > after",
        "KiB/conn",
        "CPU-µs/connect",
        "idle µs/conn/s"
    )?;
    for process in &outcome.processes {
        writeln!(
            f,
            "{:<18} {:>11} {:>10.1} > {:>7.1} > {:>7.1} {:>10.1} {:>14.0} {:>14.2}",
            process.name,
            process.connections,
            mib(process.rss_before_kib),
            mib(process.rss_after_kib),
            mib(process.rss_closed_kib),
            process.kib_per_connection,
            process.connect_us_per_connection,
            process.idle_us_per_connection_and_second
        )?;
    }
    Ok(())
}

fn stormed(f: &mut fmt::Formatter<'_>, outcome: &storm::Outcome) -> fmt::Result {
    let seconds = |ms: u64| ms as f64 / 1_000.0;
    let storm::Outcome {
        connections,
        never_back,
        attempts,
        refused,
        ready_ms,
        ..
    } = outcome;
    writeln!(
        f,
        "{connections} came back after {:.1} s (p50), {:.1} s (p99), {:.1} s (the last); {never_back} did not",
        seconds(ready_ms.p50),
        seconds(ready_ms.p99),
        seconds(ready_ms.max)
    )?;
    writeln!(
        f,
        "{attempts} attempts, of which {refused} were refused with 503"
    )?;
    for (failure, times) in &outcome.failures {
        writeln!(f, "{times} x {failure}")?;
    }
    writeln!(
        f,
        "\n{:<18} {:>31} {:>14} {:>10}",
        "process", "RSS MiB before > most > after", "CPU-µs/connect", "cores"
    )?;
    for process in &outcome.processes {
        writeln!(
            f,
            "{:<18} {:>10.1} > {:>7.1} > {:>7.1} {:>15.0} {:>10.2}",
            process.name,
            mib(process.rss_before_kib),
            mib(process.rss_most_kib),
            mib(process.rss_after_kib),
            process.us_per_connection,
            process.cores
        )?;
    }
    Ok(())
}

fn mib(kib: u64) -> f64 {
    kib as f64 / 1_024.0
}
