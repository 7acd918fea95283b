//! Logs, traces and metrics of a process.

mod json;

use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// How to log and trace.
#[derive(Args, Clone, Debug)]
pub struct TelemetryConfig {
    /// What to log: a level, or directives like `info,confab_gateway=debug`
    #[arg(long, env = "LOG_LEVEL", default_value = "info")]
    pub log_level: String,

    /// How to log: one JSON object a line for machines, or text for people
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Json)]
    pub log_format: LogFormat,

    /// Where to send traces: an OTLP gRPC endpoint like `http://collector:4317`; empty sends none
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", default_value = "")]
    pub otlp_endpoint: String,

    /// The part of new traces that is recorded, 0 to 1; a caller's own decision is followed
    // All by default: a first look should show everything; busy clusters turn it down.
    #[arg(long, env = "TRACE_SAMPLE_RATIO", default_value_t = 1.0)]
    pub trace_sample_ratio: f64,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Text for people.
    Text,
}

/// The buckets of what is counted; those of what is timed are in seconds.
const SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Running telemetry; flush it before the process ends.
pub struct Telemetry {
    provider: SdkTracerProvider,
}

impl Telemetry {
    /// Sends what has not been sent yet, for at most two seconds.
    pub async fn flush(self) {
        let shutdown = tokio::task::spawn_blocking(move || self.provider.shutdown());
        let _ = tokio::time::timeout(Duration::from_secs(2), shutdown).await;
    }
}

/// Starts logging and tracing for this process.
///
/// # Errors
/// If a directive or the endpoint cannot be read, or telemetry runs already.
pub fn init(service: &'static str, config: &TelemetryConfig) -> anyhow::Result<Telemetry> {
    let filter = EnvFilter::try_new(&config.log_level)
        .with_context(|| format!("LOG_LEVEL is not a filter: {}", config.log_level))?;
    let provider = tracer_provider(service, config)?;
    // Spans carry the trace from hop to hop whatever the log level is.
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer(service))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(EnvFilter::new("off,confab=info"));
    let lines = match config.log_format {
        LogFormat::Json => tracing_subscriber::fmt::layer()
            .fmt_fields(tracing_subscriber::fmt::format::JsonFields::new())
            .event_format(json::JsonLine { service })
            .with_filter(filter)
            .boxed(),
        LogFormat::Text => tracing_subscriber::fmt::layer().with_filter(filter).boxed(),
    };
    tracing_subscriber::registry()
        .with(spans)
        .with(lines)
        .try_init()
        .context("telemetry runs already")?;
    Ok(Telemetry { provider })
}

fn tracer_provider(
    service: &'static str,
    config: &TelemetryConfig,
) -> anyhow::Result<SdkTracerProvider> {
    let builder = SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_service_name(service).build());
    if config.otlp_endpoint.is_empty() {
        // Trace ids are still made and passed on, for logs and error answers; nothing is recorded.
        return Ok(builder.with_sampler(Sampler::AlwaysOff).build());
    }
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .with_endpoint(&config.otlp_endpoint)
        .with_timeout(Duration::from_secs(5))
        .build()
        .context("OTEL_EXPORTER_OTLP_ENDPOINT cannot be used")?;
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
        config.trace_sample_ratio,
    )));
    Ok(builder
        .with_sampler(sampler)
        .with_batch_exporter(exporter)
        .build())
}

/// The Prometheus registry of this process; the first call installs it.
pub fn metrics() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_size".to_owned()), &SIZES)
            .expect("the list of buckets is not empty")
            .set_buckets(&[
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
            ])
            .expect("the list of buckets is not empty")
            .build_recorder();
        let handle = recorder.handle();
        // Fails only if another recorder was set first; then this registry stays empty, and no more.
        let _ = ::metrics::set_global_recorder(recorder);
        handle
    })
}
