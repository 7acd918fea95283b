//! What an operator can decide, and the reason for each default.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use confab_chassis::telemetry::TelemetryConfig;
use confab_chassis::{Configuration, Secret};

use crate::store;

/// Accounts, sessions, and the keys that access tokens are signed with
#[derive(Clone, Debug, Parser)]
#[command(name = "confab-auth", version, about)]
pub struct Config {
    /// Where the gRPC server listens
    #[arg(long, env = "GRPC_ADDR", default_value = "0.0.0.0:50051")]
    // The port that grpcurl's own examples use.
    pub grpc_addr: SocketAddr,

    /// Where /livez, /readyz and /metrics are served; not for the public
    #[arg(long, env = "ADMIN_ADDR", default_value = "0.0.0.0:9090")]
    // The port that Prometheus' own examples use.
    pub admin_addr: SocketAddr,

    /// MongoDB, as a connection string, or `file:` and the path of a file that holds one; required
    // Empty rather than required by clap, so that its absence is reported together with all else.
    #[arg(
        long,
        env = "MONGODB_URI",
        default_value = "",
        hide_default_value = true
    )]
    pub mongodb_uri: Secret,

    /// The database's name
    #[arg(long, env = "MONGODB_DATABASE", default_value = "confab")]
    pub mongodb_database: String,

    /// The claim `iss` of access tokens; the gateways must be given the same
    #[arg(long, env = "TOKEN_ISSUER", default_value = "confab")]
    pub token_issuer: String,

    /// How long an access token lives
    // Nothing can take an access token back, so it lives as long as a stolen one may be used.
    #[arg(long, env = "ACCESS_TOKEN_TTL", default_value = "15m", value_parser = confab_chassis::duration::parse)]
    pub access_token_ttl: Duration,

    /// How long a session lives that nobody refreshes
    // A month away from a chat is common; a second one means a device that is not coming back.
    #[arg(long, env = "REFRESH_TOKEN_TTL", default_value = "30d", value_parser = confab_chassis::duration::parse)]
    pub refresh_token_ttl: Duration,

    /// How long after its spending a refresh token still gets what came of it; later its session is revoked
    // Longer than a client waits before it repeats a call whose answer was lost.
    #[arg(long, env = "REFRESH_REUSE_GRACE", default_value = "10s", value_parser = confab_chassis::duration::parse)]
    pub refresh_reuse_grace: Duration,

    /// How long a key signs access tokens before the next one does
    // A key that leaked unnoticed is worth something for a month at most.
    #[arg(long, env = "KEY_ROTATION", default_value = "30d", value_parser = confab_chassis::duration::parse)]
    pub key_rotation: Duration,

    /// The cost of a new password hash, 4 to 16: each step doubles the work
    // A quarter of a second on a server core of 2026: dear to who guesses, bearable to who logs in.
    #[arg(long, env = "BCRYPT_COST", default_value_t = 12)]
    pub bcrypt_cost: u32,

    /// How long stopping may take
    // Shorter than the 45 s that k8s/base gives a pod.
    #[arg(long, env = "SHUTDOWN_TIMEOUT", default_value = "25s", value_parser = confab_chassis::duration::parse)]
    pub shutdown_timeout: Duration,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

impl Configuration for Config {
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut check = |holds: bool, problem: &str| {
            if !holds {
                problems.push(problem.to_owned());
            }
        };
        if self.mongodb_uri.expose().is_empty() {
            check(
                false,
                "MONGODB_URI: is required, like mongodb://host:27017/?replicaSet=rs0",
            );
        } else {
            check(
                store::is_uri(&self.mongodb_uri),
                "MONGODB_URI: is not a connection string like mongodb://host:27017/?replicaSet=rs0 \
                 (user and password must be percent-encoded)",
            );
        }
        check(
            store::is_database_name(&self.mongodb_database),
            "MONGODB_DATABASE: must be 1 to 63 bytes without any of /\\. \"$",
        );
        check(
            !self.token_issuer.is_empty(),
            "TOKEN_ISSUER: must not be empty",
        );
        check(
            self.access_token_ttl >= Duration::from_secs(1),
            "ACCESS_TOKEN_TTL: must be at least 1s",
        );
        check(
            self.refresh_token_ttl > self.access_token_ttl,
            "REFRESH_TOKEN_TTL: must be longer than ACCESS_TOKEN_TTL",
        );
        // Beyond ten years the arithmetic of dates is nobody's intention.
        check(
            self.refresh_token_ttl <= Duration::from_secs(3_650 * 24 * 3_600),
            "REFRESH_TOKEN_TTL: must be at most 3650d",
        );
        // Beyond this a stolen token would be as good as a fresh one.
        check(
            self.refresh_reuse_grace <= Duration::from_secs(300),
            "REFRESH_REUSE_GRACE: must be at most 5m",
        );
        check(
            (Duration::from_secs(1)..=Duration::from_secs(3_650 * 24 * 3_600))
                .contains(&self.key_rotation),
            "KEY_ROTATION: must be 1s to 3650d",
        );
        check(
            (4..=16).contains(&self.bcrypt_cost),
            "BCRYPT_COST: must be 4 to 16",
        );
        check(
            self.shutdown_timeout >= Duration::from_secs(1),
            "SHUTDOWN_TIMEOUT: must be at least 1s",
        );
        problems
    }

    fn telemetry(&self) -> &TelemetryConfig {
        &self.telemetry
    }

    fn shutdown_timeout(&self) -> Duration {
        self.shutdown_timeout
    }
}
