//! `cargo xtask chaos`: a cluster of its own, and the program that breaks it while clients talk.

use crate::checkout::{Checkout, Profile};
use crate::command;
use crate::files::TemporaryFolder;
use crate::interrupt;
use crate::local::Setup;
use crate::ports::{MAX_GATEWAYS, MAX_MESSAGE_STORES, Ports, Shape};
use crate::process::Lifetime;
use crate::test::prepare;
use crate::up::assignment;
use anyhow::Result;
use clap::Args;
use std::path::Path;
use std::process::Command;

/// Break a cluster of its own at random while stock clients talk, and count what they lost
///
/// The flags below shape the cluster; all others go to confab-chaos (`cargo xtask chaos -- --help`
/// shows them).
#[derive(Args)]
pub struct Options {
    /// How many gateways to start
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_GATEWAYS)))]
    gateways: u16,

    /// How many message stores to start
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_MESSAGE_STORES)))]
    message_stores: u16,

    /// The first of the 62 ports of the cluster; not that of `up` or `bench`
    #[arg(long, value_name = "P", default_value_t = 7800)]
    port_base: u16,

    /// With optimisations
    #[arg(long)]
    release: bool,

    /// Set a variable in the environment of every service; may be repeated
    #[arg(long = "env", value_name = "KEY=VALUE", value_parser = assignment)]
    environment: Vec<(String, String)>,

    /// What confab-chaos is told
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGS"
    )]
    arguments: Vec<String>,
}

pub fn chaos(options: Options) -> Result<()> {
    interrupt::listen()?;
    let checkout = Checkout::find()?;
    let profile = if options.release {
        Profile::Release
    } else {
        Profile::Debug
    };
    let mut build = checkout.cargo();
    command::run(
        build
            .arg("build")
            .args(profile.flags())
            .args(["--package", "confab-chaos"]),
    )?;
    prepare::npm(&checkout.root)?;
    prepare::debian_package("haproxy", &["haproxy"])?;
    let data = TemporaryFolder::create(&checkout.target.join("chaos"), "run")?;
    let outcome = wreck(&checkout, &options, profile, data.path());
    if outcome.is_err() && !interrupt::requested() {
        eprintln!("\nthe logs are in {}", data.path().join("logs").display());
        data.keep();
    }
    outcome
}

fn wreck(checkout: &Checkout, options: &Options, profile: Profile, data: &Path) -> Result<()> {
    let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let setup = Setup {
        checkout,
        data: data.to_path_buf(),
        ports: Ports::new(options.port_base)?,
        shape: Shape {
            gateways: options.gateways,
            message_stores: options.message_stores,
        },
        profile,
        lifetime: Lifetime::WithUs,
        environment: [
            set("BCRYPT_COST", "4"),
            // What is broken here is processes; tokens that run out are another test's concern.
            set("ACCESS_TOKEN_TTL", "24h"),
            // All clients come from one address, and come back all at once, again and again.
            set("RATE_LIMITS", "off"),
            // A minute of waiting for each drain would be a long test.
            set("DRAIN_TIME", "2s"),
        ]
        .into_iter()
        .chain(options.environment.iter().cloned())
        .collect(),
        file: data.join("cluster.json"),
    };
    let cluster = setup.start()?;
    let program = checkout.binaries(profile).join("confab-chaos");
    command::run(
        Command::new(program)
            .arg("--cluster")
            .arg(cluster.file())
            .args(&options.arguments),
    )
}
