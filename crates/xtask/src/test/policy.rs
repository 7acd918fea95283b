//! `deny.toml` as this program reads it: the same lists cargo-deny reads, so that they are kept in
//! one place.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
pub struct Policy {
    pub graph: GraphPolicy,
    pub licenses: LicencePolicy,
    pub bans: BanPolicy,
}

#[derive(Deserialize)]
pub struct GraphPolicy {
    /// The systems we run on; other systems' dependencies are not ours.
    pub targets: Vec<String>,
}

#[derive(Deserialize)]
pub struct LicencePolicy {
    pub allow: Vec<String>,
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

/// A licence allowed for one package only.
#[derive(Deserialize)]
pub struct Exception {
    #[serde(rename = "crate")]
    pub package: String,
    pub allow: Vec<String>,
}

#[derive(Deserialize)]
pub struct BanPolicy {
    pub deny: Vec<Ban>,
}

/// A package nobody may depend on, except the wrappers.
#[derive(Deserialize)]
pub struct Ban {
    #[serde(rename = "crate")]
    pub package: String,
    #[serde(default)]
    pub wrappers: Vec<String>,
    #[serde(default)]
    pub reason: String,
}

impl Policy {
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join("deny.toml");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("cannot understand {}", path.display()))
    }

    pub fn parse(text: &str) -> Result<Self> {
        Ok(basic_toml::from_str(text)?)
    }
}
