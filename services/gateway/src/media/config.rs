//! What an operator decides about uploads.

use std::time::Duration;

use clap::ValueEnum;
use confab_chassis::Secret;
use url::Url;

use super::place::Place;
use super::sniff::Allowed;

/// What S3 takes in one piece, as it comes when a client uploads directly.
const LARGEST: u64 = 5_000_000_000;
/// message-store takes no upload for an orphan that may still come by an address of an hour.
const LONGEST_TTL: Duration = Duration::from_secs(30 * 60);

/// Whether anything may be uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Uploads {
    On,
    Off,
}

#[derive(Clone, Debug, clap::Args)]
pub struct MediaConfig {
    /// Whether files may be uploaded: on, off; what was uploaded can be seen either way
    #[arg(long = "media", env = "MEDIA", default_value = "on")]
    pub uploads: Uploads,

    /// Where uploads are: a folder that all gateways share, or `s3://bucket/prefix?region=...&endpoint=...&public_endpoint=...`; empty: nowhere, and uploads are off
    // The same for all gateways, so there is no default that could be right.
    #[arg(long, env = "MEDIA_STORE", default_value = "")]
    pub media_store: String,

    /// Where clients reach the gateways: `https://chat.example.com`; for dialects whose clients want whole addresses of uploads. Empty: addresses are paths
    // Only who runs the balancer knows it, and pages of the gateways' own origin do without.
    #[arg(long, env = "PUBLIC_URL", default_value = "", value_parser = public_url)]
    pub public_url: String,

    /// The key id for S3, or `file:/path` to read it from; empty: what the machine's own role gives
    #[arg(
        long,
        env = "AWS_ACCESS_KEY_ID",
        default_value = "",
        hide_env_values = true
    )]
    pub aws_access_key_id: Secret,

    /// The secret key for S3, as AWS_ACCESS_KEY_ID
    #[arg(
        long,
        env = "AWS_SECRET_ACCESS_KEY",
        default_value = "",
        hide_env_values = true
    )]
    pub aws_secret_access_key: Secret,

    /// The most bytes that an upload may have
    // Photographs, voice and short films; an upload of this size takes a phone a minute.
    #[arg(long, env = "MEDIA_MAX_BYTES", default_value_t = 100_000_000)]
    pub media_max_bytes: u64,

    /// What uploads may be, by what their bytes are, with commas; `image/*` stands for all images
    // What browsers and telephones send. What a browser would run (HTML, SVG, XML) is not among it.
    #[arg(
        long,
        env = "MEDIA_TYPES",
        value_delimiter = ',',
        default_value = "image/jpeg,image/png,image/gif,image/webp,image/avif,image/heif,video/*,audio/*,text/plain,\
                         application/pdf,application/zip,application/gzip,application/rtf,application/epub+zip,\
                         application/msword,application/vnd.ms-excel,application/vnd.ms-powerpoint,\
                         application/vnd.openxmlformats-officedocument.wordprocessingml.document,\
                         application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,\
                         application/vnd.openxmlformats-officedocument.presentationml.presentation,\
                         application/vnd.oasis.opendocument.text,application/vnd.oasis.opendocument.spreadsheet,\
                         application/vnd.oasis.opendocument.presentation"
    )]
    pub media_types: Vec<String>,

    /// How many uploads may pass through this gateway at once
    // Each holds up to 15 MB on its way to S3.
    #[arg(long, env = "MEDIA_UPLOADS_AT_ONCE", default_value_t = 16)]
    pub media_uploads_at_once: usize,

    /// After how long without a byte an upload is given up
    // A telephone between two cells; no limit to the whole, for lines are slow.
    #[arg(long, env = "MEDIA_STALL_TIMEOUT", default_value = "30s", value_parser = confab_chassis::duration::parse)]
    pub media_stall_timeout: Duration,

    /// How long a signed address is good; those to read from, up to twice as long
    // A page asks for new ones when it needs them, and caches can keep what they have for so long.
    #[arg(long, env = "MEDIA_URL_TTL", default_value = "15m", value_parser = confab_chassis::duration::parse)]
    pub media_url_ttl: Duration,

    /// How often uploads are removed that nothing refers to
    // One indexed read if there are none.
    #[arg(long, env = "MEDIA_SWEEP_INTERVAL", default_value = "1m", value_parser = confab_chassis::duration::parse)]
    pub media_sweep_interval: Duration,
}

/// Without the slash at its end: paths begin with one.
fn public_url(text: &str) -> Result<String, String> {
    let is_origin = |url: Url| matches!(url.scheme(), "http" | "https") && url.path() == "/";
    let plain = text.is_empty() || Url::parse(text).is_ok_and(is_origin);
    if plain && !text.contains(['?', '#', '@']) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("must be like https://chat.example.com".to_owned())
    }
}

impl MediaConfig {
    /// What is wrong, by the name of the variable.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if let Err(problem) = Place::parse(&self.media_store) {
            problems.push(format!("MEDIA_STORE: {problem}"));
        }
        let keys = [&self.aws_access_key_id, &self.aws_secret_access_key];
        if keys[0].expose().is_empty() != keys[1].expose().is_empty() {
            problems.push("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: one is not set".to_owned());
        }
        if !(1..=LARGEST).contains(&self.media_max_bytes) {
            problems.push(format!("MEDIA_MAX_BYTES: must be 1 to {LARGEST}"));
        }
        if let Some(wrong) = Allowed::mistake(&self.media_types) {
            problems.push(format!(
                "MEDIA_TYPES: {wrong} is not like image/png or image/*"
            ));
        }
        if !(1..=10_000).contains(&self.media_uploads_at_once) {
            problems.push("MEDIA_UPLOADS_AT_ONCE: must be 1 to 10000".to_owned());
        }
        let second = Duration::from_secs(1);
        if self.media_stall_timeout < second || self.media_sweep_interval < second {
            problems.push(
                "MEDIA_STALL_TIMEOUT, MEDIA_SWEEP_INTERVAL: must be a second or more".to_owned(),
            );
        }
        if !(second..=LONGEST_TTL).contains(&self.media_url_ttl) {
            problems.push("MEDIA_URL_TTL: must be 1s to 30m".to_owned());
        }
        problems
    }
}
