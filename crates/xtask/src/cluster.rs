//! `cluster.json`: where the running cluster is, for scripts, tests and the bench.

#[cfg(test)]
mod tests;

use crate::files;
use crate::ports::{Ports, Shape};
use crate::services::url;
use crate::store::Endpoint;
use anyhow::Result;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    pub gateways: Vec<Gateway>,
    auth: Vec<Backend>,
    message_store: Vec<Backend>,
    presence: Vec<Backend>,
    redis: Endpoint,
    mongo: Endpoint,
    web: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway {
    pub url: String,
    admin_url: String,
    grpc: String,
    pid: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Backend {
    grpc: String,
    admin_url: String,
    pid: u32,
}

/// The pids in the order in which the services were started.
pub struct Pids<'a> {
    pub backends: &'a [u32],
    pub gateways: &'a [u32],
}

impl Cluster {
    pub fn describe(ports: Ports, shape: Shape, pids: &Pids<'_>, stores: [Endpoint; 2]) -> Self {
        let [redis, mongo] = stores;
        let (&auth, rest) = pids.backends.split_first().expect("auth is always started");
        let (&presence, message_stores) = rest.split_last().expect("presence is always started");
        let gateways = pids
            .gateways
            .iter()
            .zip(0..shape.gateways)
            .map(|(&pid, replica)| Gateway {
                url: url(ports.gateway_http(replica)),
                admin_url: url(ports.gateway_admin(replica)),
                grpc: url(ports.gateway_grpc(replica)),
                pid,
            });
        let message_store =
            message_stores
                .iter()
                .zip(0..shape.message_stores)
                .map(|(&pid, replica)| {
                    backend(
                        ports.message_store_grpc(replica),
                        ports.message_store_admin(replica),
                        pid,
                    )
                });
        Self {
            gateways: gateways.collect(),
            auth: vec![backend(ports.auth_grpc(), ports.auth_admin(), auth)],
            message_store: message_store.collect(),
            presence: vec![backend(
                ports.presence_grpc(),
                ports.presence_admin(),
                presence,
            )],
            redis,
            mongo,
            web: format!("{}/", url(ports.gateway_http(0))),
        }
    }
}

fn backend(grpc: u16, admin: u16, pid: u32) -> Backend {
    Backend {
        grpc: url(grpc),
        admin_url: url(admin),
        pid,
    }
}

/// The written file; removed when dropped, if by then nobody else has written over it.
pub struct ClusterFile {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl ClusterFile {
    pub fn write(path: &Path, cluster: &Cluster) -> Result<Self> {
        let bytes = serde_json::to_vec_pretty(cluster)?;
        files::write_whole(path, &bytes)?;
        Ok(Self {
            path: path.to_path_buf(),
            bytes,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the file to a detached cluster, whose `down` will remove it.
    pub fn keep(mut self) {
        self.bytes.clear();
    }
}

impl Drop for ClusterFile {
    fn drop(&mut self) {
        let ours = std::fs::read(&self.path).is_ok_and(|bytes| bytes == self.bytes);
        if ours {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
