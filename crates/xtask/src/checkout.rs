//! Where this checkout lies, and cargo as it must be called from inside it.

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace and the folder cargo builds into.
pub struct Checkout {
    pub root: PathBuf,
    pub target: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

impl Checkout {
    pub fn find() -> Result<Self> {
        let root = root()?;
        // Asking cargo honours CARGO_TARGET_DIR and every config file alike.
        let output = cargo(&root)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo could not be started; install Rust from https://rustup.rs")?;
        if !output.status.success() {
            let reason = String::from_utf8_lossy(&output.stderr);
            return Err(anyhow!(
                "cargo metadata failed in {}:\n{reason}",
                root.display()
            ));
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
        Ok(Self {
            root,
            target: metadata.target_directory,
        })
    }

    /// `cargo`, started in the checkout.
    pub fn cargo(&self) -> Command {
        cargo(&self.root)
    }

    /// Where the data of a local cluster lies when nobody says otherwise.
    pub fn data(&self, chosen: Option<&Path>) -> Result<PathBuf> {
        let data = chosen.map_or_else(|| self.root.join(".confab"), Path::to_path_buf);
        std::fs::create_dir_all(&data).with_context(|| {
            format!(
                "cannot create {}; choose a folder with --data",
                data.display()
            )
        })?;
        Ok(data.canonicalize()?)
    }

    /// Downloaded programs; shared by every cluster and test run of this checkout.
    pub fn tools(&self) -> Result<PathBuf> {
        Ok(self.data(None)?.join("tools"))
    }

    pub fn binaries(&self, profile: Profile) -> PathBuf {
        self.target.join(profile.folder())
    }
}

/// How the services are compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Debug,
    Release,
}

impl Profile {
    pub fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }

    pub fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Debug => &[],
            Self::Release => &["--release"],
        }
    }
}

fn root() -> Result<PathBuf> {
    // `cargo run` sets the variable, which stays right when the checkout has been moved.
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let root = here
        .ancestors()
        .nth(2)
        .context("xtask lies two folders below the checkout")?;
    Ok(root.to_path_buf())
}

fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root);
    // `cargo run` describes xtask in these. Build scripts that watch them (ring) would be rebuilt
    // each time a person alternates between `cargo xtask` and plain `cargo`.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
            .iter()
            .any(|own| name.starts_with(own))
        {
            command.env_remove(&*name);
        }
    }
    command
}
