//! The command line.

use std::path::PathBuf;
use std::time::Duration;

/// Break a running cluster at random while clients talk, then count what they lost
///
/// Exit code 1 if anything acknowledged was lost, or anything was doubled or out of order; 2 if nothing
/// could be counted.
#[derive(clap::Parser)]
#[command(name = "confab-chaos", max_term_width = 100)]
pub struct Args {
    /// The file that says where the cluster is; its processes must be on this machine, and ours
    #[arg(long, value_name = "FILE", default_value = "target/cluster.json")]
    pub cluster: PathBuf,

    /// How long to go on breaking things
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = humantime::parse_duration)]
    pub duration: Duration,

    /// What the faults are drawn from: the same seed gives the same faults in the same order
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// How many users of the JavaScript library, each with one socket
    #[arg(long, value_name = "N", default_value_t = 24)]
    pub users: u32,

    /// How many users of a client in Rust, each with one socket and two messages per second
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..))]
    pub rust_users: u32,

    /// How many rooms; each user is in a third of them
    #[arg(long, value_name = "N", default_value_t = 6)]
    pub rooms: u32,

    /// How many messages the users of the JavaScript library send per second in all
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub rate: u32,

    /// Where to write all figures, for programs
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}
