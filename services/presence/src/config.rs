//! What an operator can set.

use std::net::SocketAddr;
use std::time::Duration;

use confab_chassis::telemetry::TelemetryConfig;
use confab_chassis::{Configuration, Secret, duration};
use url::Url;

use crate::store;

/// The presence service of Confab: who is online, on which sockets, and which gateways live.
#[derive(clap::Parser, Clone, Debug)]
#[command(name = "confab-presence", version, about)]
pub struct Config {
    /// Where to serve gRPC
    // All interfaces: the network policy decides who gets in.
    #[arg(long, env = "GRPC_ADDR", default_value = "0.0.0.0:50051")]
    pub grpc_addr: SocketAddr,

    /// Where to serve /livez, /readyz and /metrics
    // All interfaces: the kubelet probes from outside the pod.
    #[arg(long, env = "ADMIN_ADDR", default_value = "0.0.0.0:9090")]
    pub admin_addr: SocketAddr,

    /// Redis or Valkey: `redis://host:6379`, `redis-sentinel://...`, or `file:/path` to read it from
    #[arg(long, env = "REDIS_URL")]
    pub redis_url: Secret,

    /// What all keys and channels begin with
    // Empty: most have a Redis for Confab alone.
    #[arg(long, env = "REDIS_KEY_PREFIX", default_value = "")]
    pub redis_key_prefix: String,

    /// Where auth is: `http://host:port`, several separated by commas
    #[arg(long, env = "AUTH_URL", value_delimiter = ',', required = true)]
    pub auth_url: Vec<Url>,

    /// How long a gateway lives without renewing its lease
    // A gateway renews it every three seconds: four may fail before anybody is thrown out.
    #[arg(long, env = "LEASE_TTL", default_value = "15s", value_parser = duration::parse)]
    pub lease_ttl: Duration,

    /// How long a user may be away before others are told
    // A page that is loaded anew, or a gateway that is replaced, is back within this time.
    #[arg(long, env = "OFFLINE_DEBOUNCE", default_value = "5s", value_parser = duration::parse)]
    pub offline_debounce: Duration,

    /// How often to look for users who left and gateways that died
    // Going offline shows at most this much later than the debounce.
    #[arg(long, env = "SWEEP_INTERVAL", default_value = "1s", value_parser = duration::parse)]
    pub sweep_interval: Duration,

    /// How long stopping may take
    // Shorter than the 45 s that k8s/base gives a pod.
    #[arg(long, env = "SHUTDOWN_TIMEOUT", default_value = "25s", value_parser = duration::parse)]
    pub shutdown_timeout: Duration,

    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

impl Configuration for Config {
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut require = |holds: bool, problem: &str| {
            if !holds {
                problems.push(problem.to_owned());
            }
        };
        let callable = |url: &Url| url.scheme() == "http" && url.has_host();
        require(
            self.auth_url.iter().all(callable),
            "AUTH_URL must be URLs like http://auth:50051",
        );
        let (second, hour) = (Duration::from_secs(1), Duration::from_secs(3_600));
        require(
            (second..=hour).contains(&self.lease_ttl),
            "LEASE_TTL must be between 1s and 1h: gateways are told whole seconds",
        );
        require(
            self.offline_debounce <= hour,
            "OFFLINE_DEBOUNCE must be at most 1h",
        );
        require(
            (Duration::from_millis(10)..=Duration::from_secs(60)).contains(&self.sweep_interval),
            "SWEEP_INTERVAL must be between 10ms and 60s",
        );
        require(
            !self.shutdown_timeout.is_zero(),
            "SHUTDOWN_TIMEOUT must be more than nothing",
        );
        require(
            self.redis_key_prefix.len() <= 64,
            "REDIS_KEY_PREFIX must have at most 64 bytes",
        );
        problems.extend(store::problem(
            self.redis_url.expose(),
            &self.redis_key_prefix,
        ));
        problems
    }

    fn telemetry(&self) -> &TelemetryConfig {
        &self.telemetry
    }

    fn shutdown_timeout(&self) -> Duration {
        self.shutdown_timeout
    }
}
