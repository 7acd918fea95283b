//! One run: take the processes over, let clients talk, break one thing after the other, count.

use std::time::{Duration, Instant};

use anyhow::Result;
use confab_e2e::Balancer;
use confab_testkit::PortBlock;
use nix::sys::signal::Signal;
use tokio::time::sleep;

use crate::args::Args;
use crate::clients::{Clients, Stopped};
use crate::cluster::Cluster;
use crate::fault::{Fault, Faults, Harm, Target};
use crate::lines::Line;
use crate::report::{Happened, Report};
use crate::rust_client::RustClients;
use crate::victim::Victim;

/// Breaks things for as long as it was told to.
pub async fn run(args: &Args) -> Result<Report> {
    let cluster = Cluster::read(&args.cluster)?;
    let mut victims = victims(&cluster)?;
    let mut lines = Vec::new();
    for victim in &mut victims {
        let led = Line::lead(victim).await?;
        if !led.is_empty() {
            victim.stop().await?;
            victim.start()?;
            victim.ready().await?;
        }
        lines.extend(led);
    }
    let urls: Vec<&str> = cluster
        .gateways
        .iter()
        .map(|gateway| gateway.url.as_str())
        .collect();
    let balancer = Balancer::over(PortBlock::take().port(), &urls).await;
    let (mut clients, rust_users) = Clients::start(&balancer.url, args).await?;
    let rust_clients = RustClients::start(&balancer.url, rust_users)?;
    recovered(&mut clients, &rust_clients).await?;

    let kinds = victims.iter().map(|victim| victim.kind).collect();
    let mut faults = Faults::new(args.seed, kinds, lines.len());
    let mut happened = Vec::new();
    let began = Instant::now();
    while began.elapsed() < args.duration {
        let fault = faults.draw();
        sleep(fault.pause).await;
        let to = name(&victims, &lines, fault.target);
        eprintln!(
            "{:>7.1} s  {:?} {to} for {:?}",
            began.elapsed().as_secs_f32(),
            fault.harm,
            fault.time
        );
        harm(&mut victims, &lines, fault).await?;
        let recovered_ms = recovered(&mut clients, &rust_clients).await?;
        let kind = match fault.target {
            Target::Process(place) => victims[place].kind.to_owned(),
            Target::Line(place) => lines[place].kind.clone(),
        };
        happened.push(Happened {
            to: kind,
            harm: format!("{:?}", fault.harm),
            recovered_ms,
        });
    }
    rust_clients.quiet().await?;
    let Stopped { mut outcome, heads } = clients.stop().await?;
    for account in rust_clients.accounts(&heads).await {
        outcome.add(account);
    }
    let report = Report::new(args, began.elapsed(), happened, outcome);
    if let Some(path) = &args.json {
        report.write(path)?;
    }
    for victim in victims.iter_mut().rev() {
        victim.stop().await?;
    }
    Ok(report)
}

/// Waits until all is well with everybody; answers after how many milliseconds.
async fn recovered(clients: &mut Clients, rust_clients: &RustClients) -> Result<u64> {
    let began = Instant::now();
    let heads = clients.recovered().await?.heads;
    rust_clients.recovered(&heads).await?;
    Ok(u64::try_from(began.elapsed().as_millis())?)
}

fn victims(cluster: &Cluster) -> Result<Vec<Victim>> {
    let mut victims = Vec::new();
    for (number, gateway) in cluster.gateways.iter().enumerate() {
        let admin = Some(gateway.admin_url.clone());
        victims.push(Victim::adopt(
            "gateway",
            format!("gateway-{number}"),
            gateway.pid,
            admin,
        )?);
    }
    for (kind, replicas) in [
        ("message-store", &cluster.message_store),
        ("presence", &cluster.presence),
        ("auth", &cluster.auth),
    ] {
        for (number, replica) in replicas.iter().enumerate() {
            let admin = Some(replica.admin_url.clone());
            victims.push(Victim::adopt(
                kind,
                format!("{kind}-{number}"),
                replica.pid,
                admin,
            )?);
        }
    }
    for (kind, store) in [("redis", &cluster.redis), ("mongo", &cluster.mongo)] {
        if let Some(pid) = store.pid {
            victims.push(Victim::adopt(kind, kind.to_owned(), pid, None)?);
        }
    }
    Ok(victims)
}

fn name(victims: &[Victim], lines: &[Line], target: Target) -> String {
    match target {
        Target::Process(place) => victims[place].name.clone(),
        Target::Line(place) => lines[place].name.clone(),
    }
}

async fn harm(victims: &mut [Victim], lines: &[Line], fault: Fault) -> Result<()> {
    match fault.target {
        Target::Line(place) => {
            match fault.harm {
                Harm::Silence => lines[place].silence(),
                _ => lines[place].cut(),
            }
            sleep(fault.time).await;
            lines[place].mend();
        }
        Target::Process(place) => hurt(&mut victims[place], fault.harm, fault.time).await?,
    }
    Ok(())
}

async fn hurt(victim: &mut Victim, harm: Harm, time: Duration) -> Result<()> {
    match harm {
        Harm::Kill => {
            victim.kill().await?;
            sleep(time).await;
            victim.start()?;
        }
        Harm::Restart => {
            victim.stop().await?;
            victim.start()?;
        }
        Harm::Freeze => {
            victim.signal(Signal::SIGSTOP)?;
            sleep(time).await;
            victim.signal(Signal::SIGCONT)?;
        }
        Harm::Cut | Harm::Silence => {}
    }
    victim.ready().await
}
