//! The dependency graph as `cargo metadata` prints it: the few fields the checks read.

use crate::checkout::Checkout;
use anyhow::{Result, bail};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
pub struct Package {
    id: String,
    pub name: String,
    pub version: String,
    pub license: Option<String>,
    /// None for the packages of this workspace.
    pub source: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

/// All packages, and who depends on whom directly (in any way: normal, build or test).
pub struct Graph {
    pub packages: Vec<Package>,
    edges: Vec<(String, String)>,
}

impl Graph {
    pub fn read(checkout: &Checkout, targets: &[String]) -> Result<Self> {
        let mut cargo = checkout.cargo();
        cargo.args(["metadata", "--locked", "--format-version", "1"]);
        for target in targets {
            cargo.args(["--filter-platform", target]);
        }
        let output = cargo.output()?;
        if !output.status.success() {
            bail!(
                "cargo metadata failed:\n{}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Self::parse(&output.stdout)
    }

    pub fn parse(json: &[u8]) -> Result<Self> {
        let Answer { packages, resolve } = serde_json::from_slice(json)?;
        let names: HashMap<&str, &str> = packages
            .iter()
            .map(|package| (package.id.as_str(), package.name.as_str()))
            .collect();
        let name = |id: &String| names.get(id.as_str()).map(|name| (*name).to_owned());
        let edges = resolve.nodes.iter().flat_map(|node| {
            let edge = |on: &String| Some((name(&node.id)?, name(on)?));
            node.dependencies
                .iter()
                .filter_map(edge)
                .collect::<Vec<_>>()
        });
        let edges = edges.collect();
        Ok(Self { packages, edges })
    }

    /// The packages that name this one among their dependencies.
    pub fn dependents<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.edges
            .iter()
            .filter(move |(_, on)| on == name)
            .map(|(package, _)| package.as_str())
    }
}
