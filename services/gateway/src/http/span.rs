//! Around each request: its trace, its id, its metric.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use confab_chassis::trace;
use http::{HeaderValue, Method};
use rand::Rng as _;
use tracing::{Instrument as _, field};

const REQUEST_ID: &str = "x-request-id";
/// The longest request id that is taken over from a caller.
const LONGEST_ID: usize = 64;

/// Joins the caller's trace (`traceparent`) or begins one, takes over or makes a request id, which the
/// answer carries too, and measures.
pub async fn span(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    // The route, never the path: ids must not become label values.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("other", MatchedPath::as_str)
        .to_owned();
    let request_id = request_id(&request);
    let span = tracing::info_span!(
        target: "confab", "http", otel.name = format!("{method} {route}"), otel.kind = "server",
        request.id = request_id, http.route = route, http.response.status_code = field::Empty,
    );
    let parent = request
        .headers()
        .get("traceparent")
        .and_then(|value| value.to_str().ok());
    trace::adopt(&span, parent.unwrap_or_default());
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.record("http.response.status_code", status);
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    metrics::histogram!("confab_gateway_http_duration_seconds",
        "method" => known(&method), "route" => route, "status" => status.to_string())
    .record(started.elapsed().as_secs_f64());
    response
}

/// A stranger's inventions must not become label values.
fn known(method: &Method) -> String {
    let known = [
        Method::GET,
        Method::POST,
        Method::PATCH,
        Method::DELETE,
        Method::PUT,
        Method::HEAD,
    ];
    if known.contains(method) {
        method.to_string()
    } else {
        "other".to_owned()
    }
}

fn request_id(request: &Request) -> String {
    let given = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    match given.filter(|id| !id.is_empty() && id.len() <= LONGEST_ID) {
        Some(id) => id.to_owned(),
        None => format!("{:016x}", rand::rng().random::<u64>()),
    }
}
