//! The version a server program reports about itself.

#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::Command;

/// The first dotted number behind `v`, as all three servers print it; none if it does not run.
pub fn of(program: &Path) -> Option<Version> {
    let output = Command::new(program).arg("--version").output().ok()?;
    parse(&String::from_utf8_lossy(&output.stdout))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
}

impl std::fmt::Display for Version {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.major, self.minor)
    }
}

fn parse(text: &str) -> Option<Version> {
    text.split_whitespace().find_map(|word| {
        let number = word.strip_prefix("v=").or_else(|| word.strip_prefix('v'))?;
        let mut parts = number.split('.').map(|part| part.parse().ok());
        Some(Version {
            major: parts.next()??,
            minor: parts.next()??,
        })
    })
}
