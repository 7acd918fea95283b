//! Files that others read while we write them, and folders that must not stay.

#[cfg(test)]
mod tests;

use crate::identity::Identity;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes a file so that a reader sees the old one or the new one, never half of it.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    std::fs::write(&draft, bytes)
        .and_then(|()| std::fs::rename(&draft, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// A new folder, removed with all in it when dropped.
pub struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    pub fn create(parent: &Path, name: &str) -> Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        sweep(parent, name);
        let path = parent.join(format!("{name}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path)
            .with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Lets it stay, until the next one of that name is created by another process.
    pub fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Removes what killed processes could not remove themselves.
fn sweep(parent: &Path, name: &str) {
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let file_name = entry.file_name();
        if owner(&file_name.to_string_lossy(), name).is_some_and(|pid| Identity::of(pid).is_none())
        {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// The pid in the name of a temporary folder.
fn owner(file_name: &str, name: &str) -> Option<u32> {
    let (pid, number) = file_name
        .strip_prefix(name)?
        .strip_prefix('-')?
        .split_once('-')?;
    number.parse::<u32>().ok()?;
    pid.parse().ok()
}
