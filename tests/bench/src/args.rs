//! What a run of the bench is told.

#[cfg(test)]
mod tests;

use crate::layout::Layout;
use anyhow::{Result, ensure};
use clap::Parser;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;

/// Load a running cluster over Socket.IO and print what it did, what it cost, and what went wrong
///
/// Exit code 1 if a message was lost, doubled or out of order; 2 if nothing could be measured. No time
/// is ever judged.
#[derive(Debug, Clone, Parser)]
#[command(name = "confab-bench", version)]
pub struct Args {
    /// The description of the cluster, as `cargo xtask up` and `bench` write it
    #[arg(long, value_name = "FILE", default_value = "target/cluster.json")]
    pub cluster: PathBuf,

    /// How many rooms [default: 20; none with --idle; with --storm as many as the connections fill]
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rooms: Option<u32>,

    /// How many members each room has
    // Message-store allows a thousand.
    #[arg(long, value_name = "M", default_value_t = 5, value_parser = clap::value_parser!(u32).range(2..=1_000))]
    members: u32,

    /// How many users, each with one socket [default: as many as there are seats in the rooms]
    #[arg(long, value_name = "U", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    users: Option<u32>,

    /// Closed loop: K senders, each waiting for its ack before it sends again [default: 32]
    #[arg(long, value_name = "K", conflicts_with_all = ["rate", "idle"], value_parser = clap::value_parser!(u32).range(1..=10_000))]
    closed: Option<u32>,

    /// Fixed rate: N messages per second in all, however slow the answers
    #[arg(long, value_name = "N", conflicts_with = "idle", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rate: Option<u32>,

    /// No messages: N idle connections, and what each costs the gateways
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    idle: Option<u32>,

    /// N connections that all break at once, and come back as socket.io-client does
    #[arg(long, value_name = "N", conflicts_with_all = ["closed", "rate", "idle"], value_parser = clap::value_parser!(u32).range(1..=100_000))]
    storm: Option<u32>,

    /// With --rate: measure a second time, while the last K members of each room read nothing
    #[arg(
        long,
        value_name = "K",
        requires = "rate",
        conflicts_with = "users",
        default_value_t = 0
    )]
    stopped: u32,

    /// How long to measure
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = humantime::parse_duration)]
    pub duration: Duration,

    /// How long to load before measuring
    // Connection pools, caches and allocators have settled by then.
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = humantime::parse_duration)]
    pub warm_up: Duration,

    /// How long stragglers may take at the end
    // A gateway finds a silent loss by itself within its HEADS_CHECK_INTERVAL, ten seconds.
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = humantime::parse_duration)]
    pub settle: Duration,

    /// How long a message's content is, in bytes
    // A chat line; 32 is what the time in it needs.
    #[arg(long, value_name = "B", default_value_t = 100, value_parser = clap::value_parser!(u32).range(32..=8_000))]
    pub bytes: u32,

    /// How many threads the generator itself uses
    // It shares the machine with the cluster; one is enough for 100,000 deliveries a second.
    #[arg(long, value_name = "T", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub threads: u16,

    /// Where to write everything as JSON, too
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// What kind of load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// So many senders, each waiting for its ack.
    Closed(u32),
    /// So many messages per second.
    Rate(u32),
    /// So many connections that say nothing.
    Idle(u32),
    /// So many connections that break and come back.
    Storm(u32),
}

impl Args {
    pub const fn mode(&self) -> Mode {
        if let Some(connections) = self.storm {
            return Mode::Storm(connections);
        }
        match (self.idle, self.rate, self.closed) {
            (Some(connections), _, _) => Mode::Idle(connections),
            (None, Some(rate), _) => Mode::Rate(rate),
            (None, None, Some(senders)) => Mode::Closed(senders),
            (None, None, None) => Mode::Closed(32),
        }
    }

    /// Who sits in which room.
    pub fn layout(&self) -> Result<Layout> {
        let (rooms, users) = match self.mode() {
            Mode::Idle(connections) => (self.rooms.unwrap_or(0), connections),
            Mode::Storm(connections) => {
                let rooms = connections / self.members;
                (self.rooms.unwrap_or(rooms), connections)
            }
            Mode::Closed(_) | Mode::Rate(_) => {
                let rooms = self.rooms.unwrap_or(20);
                (rooms, self.users.unwrap_or(rooms * self.members))
            }
        };
        ensure!(
            rooms == 0 || users >= self.members,
            "{users} users cannot fill a room of {}: a user sits in a room once",
            self.members
        );
        ensure!(
            self.stopped < self.members,
            "nobody would be left to speak in rooms of {}",
            self.members
        );
        Ok(Layout {
            rooms,
            members: self.members,
            users,
            stopped: self.stopped,
        })
    }
}
