//! `deny.toml`, checked without cargo-deny, whose building takes longer than all other checks.

#[cfg(test)]
mod tests;

use super::metadata::{Graph, Package};
use super::policy::{Ban, LicencePolicy, Policy};
use super::spdx::satisfied;
use crate::checkout::Checkout;
use anyhow::{Result, bail};

pub fn check(checkout: &Checkout) -> Result<()> {
    let policy = Policy::read(&checkout.root)?;
    let graph = Graph::read(checkout, &policy.graph.targets)?;
    let complaints = complaints(&policy, &graph);
    if !complaints.is_empty() {
        bail!(
            "deny.toml does not allow this:\n  {}",
            complaints.join("\n  ")
        );
    }
    println!("    {} packages", graph.packages.len());
    Ok(())
}

fn complaints(policy: &Policy, graph: &Graph) -> Vec<String> {
    let licences = graph
        .packages
        .iter()
        .filter_map(|package| licence(&policy.licenses, package));
    let sources = graph.packages.iter().filter_map(source);
    let bans = policy
        .bans
        .deny
        .iter()
        .flat_map(|ban| intruders(ban, graph));
    licences.chain(sources).chain(bans).collect()
}

fn licence(policy: &LicencePolicy, package: &Package) -> Option<String> {
    let Package {
        name,
        version,
        license,
        ..
    } = package;
    let Some(expression) = license else {
        return Some(format!("{name} {version} names no licence"));
    };
    let exceptions = policy
        .exceptions
        .iter()
        .filter(|exception| exception.package == *name);
    let allowed: Vec<&String> = policy
        .allow
        .iter()
        .chain(exceptions.flat_map(|exception| &exception.allow))
        .collect();
    match satisfied(expression, &|licence| {
        allowed.iter().any(|allowed| *allowed == licence)
    }) {
        Ok(true) => None,
        Ok(false) => Some(format!("{name} {version} has the licence {expression}")),
        Err(reason) => Some(format!(
            "{name} {version}: licence {expression:?}: {reason}"
        )),
    }
}

/// A registry keeps what it once published; a git repository does not promise that.
fn source(package: &Package) -> Option<String> {
    let source = package.source.as_deref()?;
    let fine = source.starts_with("registry+") || source.starts_with("sparse+");
    (!fine).then(|| format!("{} {} comes from {source}", package.name, package.version))
}

fn intruders(ban: &Ban, graph: &Graph) -> Vec<String> {
    let Ban {
        package,
        wrappers,
        reason,
    } = ban;
    graph
        .dependents(package)
        .filter(|dependent| !wrappers.iter().any(|wrapper| wrapper == dependent))
        .map(|dependent| format!("{dependent} depends on {package}: {reason}"))
        .collect()
}
