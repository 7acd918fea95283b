//! Everything that a run found, for people and for programs.

mod text;

use crate::conditions::Conditions;
use crate::{idle, load, storm};
use anyhow::{Context, Result};
use serde::Serialize;
use std::path::Path;

#[derive(Debug, Serialize)]
pub struct Report {
    pub conditions: Conditions,
    #[serde(flatten)]
    pub findings: Findings,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Findings {
    Load(Box<load::Outcome>),
    Idle(Box<idle::Outcome>),
    Storm(Box<storm::Outcome>),
}

impl Report {
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        std::fs::write(path, json).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Whether each message came once and in order, and everybody came back. Times are for the reader to judge.
    pub const fn is_correct(&self) -> bool {
        match &self.findings {
            Findings::Load(outcome) => !outcome.mistakes.any(),
            Findings::Idle(_) => true,
            Findings::Storm(outcome) => outcome.never_back == 0,
        }
    }
}
