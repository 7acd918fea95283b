//! `cluster.json`: which processes there are.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// A cluster as `cargo xtask` describes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    pub gateways: Vec<Gateway>,
    pub auth: Vec<Replica>,
    pub message_store: Vec<Replica>,
    pub presence: Vec<Replica>,
    pub redis: Store,
    pub mongo: Store,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway {
    pub url: String,
    pub admin_url: String,
    pub pid: i32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Replica {
    pub admin_url: String,
    pub pid: i32,
}

#[derive(Deserialize)]
pub struct Store {
    /// None if the cluster was pointed at one that it did not start: then it is left alone.
    pub pid: Option<i32>,
}

impl Cluster {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).with_context(|| {
            format!(
                "cannot read {}: `cargo xtask chaos` starts a cluster and writes it",
                path.display()
            )
        })?;
        serde_json::from_slice(&text)
            .with_context(|| format!("{} does not describe a cluster", path.display()))
    }
}
