//! What an operator decides about a gateway.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use confab_chassis::telemetry::TelemetryConfig;
use confab_chassis::{Configuration, Secret};
use url::Url;

use crate::admission::AdmissionSettings;
use crate::cookie::{CookieSecure, SameSite};
use crate::dialect::Dialect;
use crate::fanout::Holes;
use crate::issuer::IssuerList;
use crate::media::MediaConfig;
use crate::rate_limit::RateLimitSettings;

/// The public door of Confab: Socket.IO, REST and the web page
#[derive(Clone, Debug, Parser)]
#[command(name = "confab-gateway", version)]
pub struct Config {
    /// Where to serve Socket.IO, REST and the web page
    #[arg(long, env = "HTTP_ADDR", default_value = "0.0.0.0:8080")]
    pub http_addr: SocketAddr,

    /// Where to serve gRPC for operators; keep it private
    #[arg(long, env = "GRPC_ADDR", default_value = "0.0.0.0:50051")]
    pub grpc_addr: SocketAddr,

    /// Where to serve /livez, /readyz and /metrics; keep it private
    #[arg(long, env = "ADMIN_ADDR", default_value = "0.0.0.0:9090")]
    pub admin_addr: SocketAddr,

    /// Redis or Valkey, version 7 or newer: `redis://host:port`, or `file:/path` to read it from
    #[arg(long, env = "REDIS_URL")]
    pub redis_url: Secret,

    /// What every key and channel in Redis begins with
    #[arg(long, env = "REDIS_KEY_PREFIX", default_value = "")]
    pub redis_key_prefix: String,

    /// The auth service: `http://host:port`, several with commas; each name may mean many replicas
    #[arg(long, env = "AUTH_URL", value_delimiter = ',', required = true)]
    pub auth_url: Vec<Url>,

    /// The message-store service, as AUTH_URL
    #[arg(
        long,
        env = "MESSAGE_STORE_URL",
        value_delimiter = ',',
        required = true
    )]
    pub message_store_url: Vec<Url>,

    /// The presence service, as AUTH_URL
    #[arg(long, env = "PRESENCE_URL", value_delimiter = ',', required = true)]
    pub presence_url: Vec<Url>,

    /// Where other gateways reach this one's HTTP_ADDR: `http://host:port`; derived from it if empty
    #[arg(long, env = "RELAY_URL", default_value = "")]
    pub relay_url: String,

    /// This process' name among the gateways, 1 to 32 of a-z, A-Z, 0-9, new for each start; random if empty
    #[arg(long, env = "GATEWAY_ID", default_value = "")]
    pub gateway_id: String,

    /// Origins whose pages may call this gateway, with commas; `*` means any, empty only its own
    #[arg(long, env = "CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,

    /// The `iss` that access tokens must carry
    #[arg(long, env = "TOKEN_ISSUER", default_value = "confab")]
    pub token_issuer: String,

    /// Issuers elsewhere whose tokens `heretics` takes: a JSON list of `{"issuer", "audience"?, "jwksUrl"?, "publicKey"?}`,
    /// or `file:` and the path of one; empty means none
    #[arg(long, env = "EXTERNAL_ISSUERS", default_value = "")]
    pub external_issuers: IssuerList,

    /// How long after its token has expired a socket stays open for a newer one
    // Time to refresh over REST and to say `session:renew`, on a phone that is just waking up.
    #[arg(long, env = "SESSION_EXPIRY_GRACE", default_value = "30s", value_parser = confab_chassis::duration::parse)]
    pub session_expiry_grace: Duration,

    /// Whether the cookie of refresh tokens is sent over https alone: auto (if the request came so), always, never
    // The proxy in front says how a request came, in X-Forwarded-Proto.
    #[arg(long, env = "COOKIE_SECURE", default_value = "auto")]
    pub cookie_secure: CookieSecure,

    /// With which requests of other sites that cookie is sent: strict, lax, none
    // Only scripts of our own pages need it. `none` is for pages on other sites that CORS_ORIGINS allows.
    #[arg(long, env = "COOKIE_SAME_SITE", default_value = "strict")]
    pub cookie_same_site: SameSite,

    /// The dialect that is spoken at `/` and `/api`: native, social, chatspace, heretics, daylog
    // Each is spoken at `/<name>` and `/<name>/api` as well.
    #[arg(long, env = "GATEWAY_ROOT_DIALECT", default_value = "native", value_parser = dialect)]
    pub root_dialect: Dialect,

    /// Rate limits, and whose word is taken on where requests come from.
    #[command(flatten)]
    pub limits: RateLimitSettings,

    /// How many sockets may come at once.
    #[command(flatten)]
    pub admission: AdmissionSettings,

    /// How long a socket may live before its client is moved on, a tenth less or more; 0 means for ever
    // After scaling up, so that new replicas get their share: nothing else moves a socket that is well.
    #[arg(long, env = "MAX_CONNECTION_AGE", default_value = "0s", value_parser = confab_chassis::duration::parse)]
    pub max_connection_age: Duration,

    /// The largest Socket.IO payload and REST body, in bytes
    // Ten times the largest message, so that a polling client can send several at once.
    #[arg(long, env = "MAX_PAYLOAD_BYTES", default_value_t = 100_000)]
    pub max_payload_bytes: usize,

    /// How many packets may wait for one slow client before its transport is closed
    // A burst of a busy room; at 500 bytes each a slow client holds half a megabyte at most.
    #[arg(long, env = "SOCKET_BUFFER_PACKETS", default_value_t = 1_024)]
    pub socket_buffer_packets: usize,

    /// How often a client is asked whether it is still there
    // The library's own default, and what the stock clients expect.
    #[arg(long, env = "PING_INTERVAL", default_value = "25s", value_parser = confab_chassis::duration::parse)]
    pub ping_interval: Duration,

    /// How long a client may take to answer that
    #[arg(long, env = "PING_TIMEOUT", default_value = "20s", value_parser = confab_chassis::duration::parse)]
    pub ping_timeout: Duration,

    /// How often the heads of all rooms here are compared with the store, to find what Redis lost
    // One indexed read per thousand rooms: cheap enough to bound a silent loss by ten seconds.
    #[arg(long, env = "HEADS_CHECK_INTERVAL", default_value = "10s", value_parser = confab_chassis::duration::parse)]
    pub heads_check_interval: Duration,

    /// What becomes of holes; for the tests
    #[arg(long, env = "HOLES", default_value = "filled", hide = true)]
    pub holes: Holes,

    /// Over which time the transports of all sockets are closed at the end, evenly; few sockets take less
    // Long enough that ten thousand reconnects are a thousand a second for the other replicas.
    #[arg(long, env = "DRAIN_TIME", default_value = "10s", value_parser = confab_chassis::duration::parse)]
    pub drain_time: Duration,

    /// How long stopping may take in all; keep it below the pod's grace period
    #[arg(long, env = "SHUTDOWN_TIMEOUT", default_value = "25s", value_parser = confab_chassis::duration::parse)]
    pub shutdown_timeout: Duration,

    /// Whether, where and what may be uploaded.
    #[command(flatten)]
    pub media: MediaConfig,

    /// How to log and trace.
    #[command(flatten)]
    pub telemetry: TelemetryConfig,
}

impl Configuration for Config {
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let urls = [
            ("AUTH_URL", &self.auth_url),
            ("MESSAGE_STORE_URL", &self.message_store_url),
            ("PRESENCE_URL", &self.presence_url),
        ];
        for (name, urls) in urls {
            for url in urls
                .iter()
                .filter(|url| url.scheme() != "http" || !url.has_host())
            {
                problems.push(format!("{name}: {url} is not of the form http://host:port"));
            }
        }
        if !Url::parse(self.redis_url.expose()).is_ok_and(|url| url.scheme().starts_with("redis")) {
            problems.push("REDIS_URL: must be of the form redis://host:port".to_owned());
        }
        let relay_url = Url::parse(&self.relay_url).ok();
        if self.relay_url.is_empty() {
            if self.http_addr.ip().is_unspecified() {
                problems.push(format!(
                    "RELAY_URL: needed, since HTTP_ADDR {} is not an address that others can reach",
                    self.http_addr
                ));
            }
        } else if !relay_url.is_some_and(|url| url.scheme() == "http" && url.has_host()) {
            problems.push(format!(
                "RELAY_URL: {} is not of the form http://host:port",
                self.relay_url
            ));
        }
        if self.gateway_id.len() > 32 || !self.gateway_id.bytes().all(|b| b.is_ascii_alphanumeric())
        {
            problems.push("GATEWAY_ID: must be 1 to 32 of a-z, A-Z, 0-9".to_owned());
        }
        if self.max_payload_bytes < 16_384 {
            problems.push(
                "MAX_PAYLOAD_BYTES: must be 16384 or more, twice the largest message".to_owned(),
            );
        }
        if self.socket_buffer_packets < 16 {
            problems.push("SOCKET_BUFFER_PACKETS: must be 16 or more".to_owned());
        }
        if self.ping_interval.is_zero() || self.ping_timeout.is_zero() {
            problems.push("PING_INTERVAL, PING_TIMEOUT: must not be zero".to_owned());
        }
        if self.heads_check_interval.is_zero() {
            problems.push("HEADS_CHECK_INTERVAL: must not be zero".to_owned());
        }
        if self.shutdown_timeout < self.drain_time + Duration::from_secs(12) {
            problems.push(
                "SHUTDOWN_TIMEOUT: must be 12 seconds longer than DRAIN_TIME, for what is under way then"
                    .to_owned(),
            );
        }
        if self.cookie_same_site == SameSite::None && self.cookie_secure == CookieSecure::Never {
            problems.push(
                "COOKIE_SAME_SITE: none needs COOKIE_SECURE, browsers drop the cookie otherwise"
                    .to_owned(),
            );
        }
        if self.holes == Holes::Left && !cfg!(debug_assertions) {
            problems.push("HOLES: left loses messages, and is for debug builds alone".to_owned());
        }
        problems.extend(self.limits.problems());
        problems.extend(self.admission.problems());
        for origin in self.cors_origins.iter().filter(|origin| !is_origin(origin)) {
            problems.push(format!(
                "CORS_ORIGINS: {origin} is not an origin like https://app.example.com"
            ));
        }
        problems.extend(self.media.problems());
        problems
    }

    fn telemetry(&self) -> &TelemetryConfig {
        &self.telemetry
    }

    fn shutdown_timeout(&self) -> Duration {
        self.shutdown_timeout
    }
}

fn dialect(name: &str) -> Result<Dialect, String> {
    let names: Vec<_> = Dialect::all().map(Dialect::name).collect();
    Dialect::named(name).ok_or_else(|| format!("must be one of {}", names.join(", ")))
}

/// An empty one is what an empty list looks like.
fn is_origin(text: &str) -> bool {
    matches!(text, "" | "*")
        || Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text)
}

#[cfg(test)]
mod tests;
