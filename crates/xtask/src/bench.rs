//! `cargo xtask bench`: optimised services, a cluster of their own, and the load generator.

use crate::checkout::{Checkout, Profile};
use crate::command;
use crate::files::TemporaryFolder;
use crate::interrupt;
use crate::local::Setup;
use crate::ports::{MAX_GATEWAYS, MAX_MESSAGE_STORES, Ports, Shape};
use crate::process::Lifetime;
use crate::up::assignment;
use anyhow::Result;
use clap::Args;
use std::path::Path;
use std::process::Command;

/// Measure: build with optimisations, start a fresh cluster, run the load generator, stop
///
/// The flags below shape the cluster; all others go to confab-bench (`cargo xtask bench -- --help`
/// shows them).
#[derive(Args)]
pub struct Options {
    /// How many gateways to start
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_GATEWAYS)))]
    gateways: u16,

    /// How many message stores to start
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_MESSAGE_STORES)))]
    message_stores: u16,

    /// The first of the 62 ports of the cluster; not that of `up`, so both may run
    #[arg(long, value_name = "P", default_value_t = 7600)]
    port_base: u16,

    /// Set a variable in the environment of every service; may be repeated
    #[arg(long = "env", value_name = "KEY=VALUE", value_parser = assignment)]
    environment: Vec<(String, String)>,

    /// What confab-bench is told
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGS"
    )]
    arguments: Vec<String>,
}

pub fn bench(options: Options) -> Result<()> {
    interrupt::listen()?;
    let checkout = Checkout::find()?;
    let mut build = checkout.cargo();
    command::run(build.args(["build", "--release", "--package", "confab-bench"]))?;
    if options
        .arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        return command::run(generator(&checkout).arg("--help"));
    }
    // Each run starts with empty stores; the next one removes what a failed one left to look at.
    let data = TemporaryFolder::create(&checkout.target.join("bench"), "run")?;
    let outcome = measure(&checkout, &options, data.path());
    if outcome.is_err() && !interrupt::requested() {
        eprintln!("\nthe logs are in {}", data.path().join("logs").display());
        data.keep();
    }
    outcome
}

fn measure(checkout: &Checkout, options: &Options, data: &Path) -> Result<()> {
    let setup = Setup {
        checkout,
        data: data.to_path_buf(),
        ports: Ports::new(options.port_base)?,
        shape: Shape {
            gateways: options.gateways,
            message_stores: options.message_stores,
        },
        profile: Profile::Release,
        lifetime: Lifetime::WithUs,
        environment: environment(options),
        file: data.join("cluster.json"),
    };
    let cluster = setup.start()?;
    let mut generator = generator(checkout);
    command::run(
        generator
            .arg("--cluster")
            .arg(cluster.file())
            .args(&options.arguments),
    )
}

fn environment(options: &Options) -> Vec<(String, String)> {
    let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut environment = vec![
        // Signing up thousands of users is not what is measured.
        set("BCRYPT_COST", "4"),
        // Nor is how well the load generator is held off.
        set("RATE_LIMITS", "off"),
    ];
    environment.extend(options.environment.iter().cloned());
    environment
}

fn generator(checkout: &Checkout) -> Command {
    Command::new(checkout.binaries(Profile::Release).join("confab-bench"))
}
