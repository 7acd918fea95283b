//! What an operator can set.

use std::net::SocketAddr;
use std::time::Duration;

use confab_chassis::telemetry::TelemetryConfig;
use confab_chassis::{Configuration, Secret};

use crate::room::Retention;

/// More writers than this would only make the batches smaller.
const MAX_WRITERS: usize = 16;

/// Rooms, their members and their logs of messages.
#[derive(clap::Parser, Clone, Debug)]
#[command(name = "confab-message-store", version, about)]
pub struct Config {
    /// Where to serve gRPC
    // All interfaces: in a pod, peers come from outside.
    #[arg(long, env = "GRPC_ADDR", default_value = "0.0.0.0:50051")]
    pub grpc_addr: SocketAddr,

    /// Where to serve /livez, /readyz and /metrics
    // A port of its own, so that it can be kept private.
    #[arg(long, env = "ADMIN_ADDR", default_value = "0.0.0.0:9090")]
    pub admin_addr: SocketAddr,

    /// Where MongoDB is: `mongodb://...`, or `file:/path` to read that from a file
    #[arg(long, env = "MONGODB_URI")]
    pub mongodb_uri: Secret,

    /// The database that holds rooms, members and messages
    #[arg(long, env = "MONGODB_DATABASE", default_value = "confab")]
    pub mongodb_database: String,

    /// How many batches of messages are written at once, 1 to 16
    // Enough to keep the store busy while one batch waits for its disk; with more, the batches are
    // smaller and each message costs more.
    #[arg(long, env = "WRITERS", default_value_t = 4)]
    pub writers: usize,

    /// How many members a room may have for the others to be told how far each has read
    // Each of n members who reads a message is told to n - 1 others: at 100 that is 10,000 events for one
    // message, and nobody looks at so many.
    #[arg(long, env = "RECEIPT_FANOUT_LIMIT", default_value_t = 100)]
    pub receipt_fanout_limit: i32,

    /// After how long an upload that was not completed, or that nothing refers to, is removed
    // Who writes a message beside an upload, and goes to bed over it, finds both the next morning.
    #[arg(long, env = "MEDIA_ORPHAN_AFTER", default_value = "1d",
        value_parser = confab_chassis::duration::parse)]
    pub media_orphan_after: Duration,

    /// Whether messages can be searched: on or off. Off saves the index: what README, "Figures", says
    // On: users expect it. The index costs CPU time and disk, which some have no use for.
    #[arg(long, env = "SEARCH", default_value = "on", action = clap::ArgAction::Set,
        value_parser = clap::builder::BoolishValueParser::new())]
    pub search: bool,

    /// How many days messages are kept, in every room; 0 for ever. A room's owner can keep less, not more
    // For ever: nobody's messages go because an operator did not read this.
    #[arg(long, env = "RETENTION_DAYS", default_value_t = 0)]
    pub retention_days: i32,

    /// How many messages every room keeps; 0 for all. A room's owner can keep less, not more
    #[arg(long, env = "RETENTION_MESSAGES", default_value_t = 0)]
    pub retention_messages: i64,

    /// How often to look for messages that are kept no longer
    // Retention is a matter of days; each look reads the rooms that have moved since.
    #[arg(long, env = "RETENTION_EVERY", default_value = "10m",
        value_parser = confab_chassis::duration::parse)]
    pub retention_every: Duration,

    /// How long to finish what is in flight after a signal to stop
    // Below the 45 s that k8s/base gives a pod.
    #[arg(long, env = "SHUTDOWN_TIMEOUT", default_value = "25s",
        value_parser = confab_chassis::duration::parse)]
    pub shutdown_timeout: Duration,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

impl Config {
    /// The most that any room keeps.
    #[must_use]
    pub fn retention(&self) -> Retention {
        Retention {
            days: self.retention_days,
            messages: self.retention_messages,
        }
    }
}

impl Configuration for Config {
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let uri = self.mongodb_uri.expose();
        if !uri.starts_with("mongodb://") && !uri.starts_with("mongodb+srv://") {
            problems.push("MONGODB_URI must begin with mongodb:// or mongodb+srv://".to_owned());
        }
        if self.mongodb_database.is_empty()
            || self.mongodb_database.len() > 63
            || !self
                .mongodb_database
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        {
            problems.push(
                "MONGODB_DATABASE must be 1 to 63 letters, digits, hyphens or underscores"
                    .to_owned(),
            );
        }
        if !(1..=MAX_WRITERS).contains(&self.writers) {
            problems.push(format!("WRITERS must be 1 to {MAX_WRITERS}"));
        }
        if self.media_orphan_after < Duration::from_secs(1) {
            problems.push("MEDIA_ORPHAN_AFTER must be a second or more".to_owned());
        }
        if let Err(error) = Retention::parse(self.retention_days, self.retention_messages) {
            problems.push(format!("RETENTION_DAYS, RETENTION_MESSAGES: {error}"));
        }
        if self.retention_every.is_zero() {
            problems.push("RETENTION_EVERY must be more than nothing".to_owned());
        }
        if self.grpc_addr == self.admin_addr && self.grpc_addr.port() != 0 {
            problems.push("GRPC_ADDR and ADMIN_ADDR must differ".to_owned());
        }
        problems
    }

    fn telemetry(&self) -> &TelemetryConfig {
        &self.telemetry
    }

    fn shutdown_timeout(&self) -> Duration {
        self.shutdown_timeout
    }
}

#[cfg(test)]
mod tests;
