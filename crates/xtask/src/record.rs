//! What runs on a data folder (`running.json` in it): who may be signalled, and in which order.

#[cfg(test)]
mod tests;

use crate::files;
use crate::identity::Identity;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    pub identity: Identity,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// The xtask that watches over the processes; none if they are detached.
    pub supervisor: Option<Identity>,
    /// The `cluster.json` to remove with them.
    pub cluster: Option<PathBuf>,
    /// In the order in which they were started.
    pub waves: Vec<Vec<Entry>>,
}

/// The right to use a data folder; given back, with the record, when dropped.
pub struct Claim {
    _lock: File,
    data: PathBuf,
    keep: bool,
}

impl Claim {
    /// Fails with one sentence if a cluster already runs there.
    pub fn take(data: &Path) -> Result<Self> {
        let path = data.join("lock");
        let lock =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(
                "a cluster already runs (or is starting or stopping) on {}; stop it with Ctrl-C in \
                 its terminal or `cargo xtask down`, or choose another folder with --data DIR and \
                 other ports with --port-base",
                data.display()
            ),
            Err(TryLockError::Error(reason)) => {
                return Err(reason).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
        if let Some(name) = Record::read(data)?.and_then(|record| record.survivor()) {
            bail!(
                "{name} of an earlier (or detached) run still runs on {}; stop it first: `cargo xtask down --data {}`",
                data.display(),
                data.display()
            );
        }
        Ok(Self {
            _lock: lock,
            data: data.to_path_buf(),
            keep: false,
        })
    }

    pub fn write(&self, record: &Record) -> Result<()> {
        files::write_whole(&path(&self.data), &serde_json::to_vec_pretty(record)?)
    }

    /// Leaves the record to those who stop the detached processes later.
    pub fn keep_record(mut self) {
        self.keep = true;
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if !self.keep {
            Record::remove(&self.data);
        }
    }
}

impl Record {
    pub fn read(data: &Path) -> Result<Option<Self>> {
        let path = path(data);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).with_context(|| {
                format!(
                    "{} is not readable; if nothing runs, delete it",
                    path.display()
                )
            })?)),
            Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(reason) => Err(reason).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    pub fn remove(data: &Path) {
        let _ = std::fs::remove_file(path(data));
    }

    /// One process of the record that still runs.
    fn survivor(self) -> Option<String> {
        self.waves
            .into_iter()
            .flatten()
            .find(|entry| entry.identity.alive())
            .map(|entry| entry.name)
    }
}

fn path(data: &Path) -> PathBuf {
    data.join("running.json")
}
