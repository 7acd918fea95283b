//! `cargo xtask gen`: the code made from `proto/`, made anew.

use crate::checkout::Checkout;
use crate::command;
use anyhow::Result;
use clap::Args;

/// Generate the Rust code of proto/ again (it is committed, and a test compares)
#[derive(Args)]
pub struct Options {}

pub fn generate(Options {}: Options) -> Result<()> {
    let mut cargo = Checkout::find()?.cargo();
    command::run(cargo.args(["run", "--package", "confab-proto-gen"]))
}
