//! `cluster.json`: where the gateways are, and which process is which.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    gateways: Vec<Gateway>,
    auth: Vec<Replica>,
    message_store: Vec<Replica>,
    presence: Vec<Replica>,
    redis: Store,
    mongo: Store,
}

#[derive(Deserialize)]
struct Gateway {
    url: String,
    pid: u32,
}

#[derive(Deserialize)]
struct Replica {
    pid: u32,
}

#[derive(Deserialize)]
struct Store {
    /// None if the cluster was pointed at one that it did not start.
    pid: Option<u32>,
}

/// A process whose cost is measured.
#[derive(Debug, Clone)]
pub struct Process {
    /// What it is, the same for all replicas.
    pub kind: &'static str,
    /// Which of them.
    pub name: String,
    pub pid: u32,
}

impl Cluster {
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).with_context(|| {
            format!(
                "cannot read {}; start a cluster first: `cargo xtask up --release --detach`, or let \
                 `cargo xtask bench` do all of it",
                path.display()
            )
        })?;
        let cluster: Self = serde_json::from_slice(&text)
            .with_context(|| format!("{} does not describe a cluster", path.display()))?;
        ensure!(
            !cluster.gateways.is_empty(),
            "{} names no gateway",
            path.display()
        );
        Ok(cluster)
    }

    /// `host:port` of each gateway.
    pub fn gateways(&self) -> Result<Vec<String>> {
        self.gateways
            .iter()
            .map(|gateway| {
                let host = gateway.url.strip_prefix("http://").with_context(|| {
                    format!(
                        "{} does not begin with http://, all that the bench speaks",
                        gateway.url
                    )
                })?;
                Ok(host.trim_end_matches('/').to_owned())
            })
            .collect()
    }

    /// The gateways' processes, in the order of [`Self::gateways`].
    pub fn gateway_processes(&self) -> Vec<Process> {
        replicas("gateway", self.gateways.iter().map(|gateway| gateway.pid))
    }

    /// All processes that run here, the generator last.
    pub fn processes(&self) -> Vec<Process> {
        let pids = |replicas: &[Replica]| -> Vec<u32> {
            replicas.iter().map(|replica| replica.pid).collect()
        };
        let mut processes = self.gateway_processes();
        processes.extend(replicas("message-store", pids(&self.message_store)));
        processes.extend(replicas("presence", pids(&self.presence)));
        processes.extend(replicas("auth", pids(&self.auth)));
        processes.extend(replicas("redis", self.redis.pid));
        processes.extend(replicas("mongo", self.mongo.pid));
        processes.extend(replicas("generator", [std::process::id()]));
        processes
    }
}

fn replicas(kind: &'static str, pids: impl IntoIterator<Item = u32>) -> Vec<Process> {
    let pids: Vec<u32> = pids.into_iter().collect();
    let alone = pids.len() == 1;
    pids.into_iter()
        .enumerate()
        .map(|(replica, pid)| Process {
            kind,
            name: if alone {
                kind.to_owned()
            } else {
                format!("{kind}-{replica}")
            },
            pid,
        })
        .collect()
}
