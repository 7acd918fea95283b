//! `cargo xtask test`: every check of CI, cheapest first, each a command a person can type.

mod licences;
mod metadata;
mod policy;
pub mod prepare;
mod spdx;
mod step;

use crate::checkout::Checkout;
use crate::interrupt;
use anyhow::{Context, Result};
use clap::Args;
use std::time::Instant;
use step::{Check, Step};

/// Run everything CI runs, in order of cost; stops at the first failure
///
/// The tests get stores of their own, started for them, unless MONGODB_URI and REDIS_URL name some.
/// There are no doc tests: examples that matter are tests.
#[derive(Args)]
pub struct Options {
    /// Run only these steps, in the usual order
    #[arg(long, value_name = "STEP", num_args = 1.., value_delimiter = ',')]
    only: Vec<Step>,

    /// List the steps with their commands and run nothing
    #[arg(long)]
    list: bool,
}

pub fn test(options: Options) -> Result<()> {
    let wanted = |step: &&Step| options.only.is_empty() || options.only.contains(step);
    let steps: Vec<Step> = Step::ALL.iter().filter(wanted).copied().collect();
    if options.list {
        for step in steps {
            println!("{}: {}", step.name(), step.purpose());
            println!("    {}", step.command());
        }
        return Ok(());
    }
    interrupt::listen()?;
    let check = Check {
        checkout: &Checkout::find()?,
    };
    for step in steps {
        println!("\n==> {}: {}", step.name(), step.command());
        let begun = Instant::now();
        let outcome = check.run(step);
        // The last thing on the screen is the test runner's own summary, good or bad.
        if step == Step::Tests {
            return outcome;
        }
        outcome.with_context(|| format!("step {}", step.name()))?;
        println!(
            "    {} passed in {:.1} s",
            step.name(),
            begun.elapsed().as_secs_f32()
        );
    }
    Ok(())
}
