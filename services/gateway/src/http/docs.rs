//! The contracts, for programs and for people: `/openapi.json`, `/asyncapi.json`, `/docs`, `/docs/events`.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue};
use serde_json::Value;

use crate::gateway::Gateway;

/// Our own page needs only what is our own.
const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Swagger UI puts styles and pictures into the page, and nothing else; nothing comes from elsewhere.
const SWAGGER: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

macro_rules! swagger {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz"))
    };
}

macro_rules! own {
    ($name:literal) => {
        include_str!(concat!("../../../web/docs/", $name))
    };
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// The documents and what shows them.
pub fn routes(openapi: &Value, asyncapi: &Value) -> Router<Arc<Gateway>> {
    Router::new()
        .route("/openapi.json", document(openapi))
        .route("/asyncapi.json", document(asyncapi))
        .route("/docs", get(async || page(SWAGGER, own!("index.html"))))
        .route(
            "/docs/start.js",
            get(async || file(SCRIPT, own!("start.js"))),
        )
        .route(
            "/docs/events",
            get(async || page(STRICT, own!("events.html"))),
        )
        .route(
            "/docs/events.js",
            get(async || file(SCRIPT, own!("events.js"))),
        )
        .route(
            "/docs/events.css",
            get(async || file(STYLE, own!("events.css"))),
        )
        .route(
            "/docs/swagger-ui.js",
            get(async || packed(SCRIPT, swagger!("swagger-ui-bundle.js"))),
        )
        .route(
            "/docs/swagger-ui.css",
            get(async || packed(STYLE, swagger!("swagger-ui.css"))),
        )
}

fn document(document: &Value) -> MethodRouter<Arc<Gateway>> {
    let text = Bytes::from(document.to_string());
    get(async move || file("application/json", text))
}

fn page(policy: &'static str, content: &'static str) -> Response {
    let policy = [
        (CONTENT_SECURITY_POLICY, policy),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (policy, file("text/html; charset=utf-8", content)).into_response()
}

fn file(kind: &'static str, content: impl IntoResponse) -> Response {
    // A rollout must not leave old contracts with new servers.
    (head(kind, "no-cache"), content).into_response()
}

/// Every browser unpacks it, and so it is kept in no other form.
fn packed(kind: &'static str, content: &'static [u8]) -> Response {
    let encoding = [(CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
    (head(kind, "public, max-age=86400"), encoding, content).into_response()
}

fn head(kind: &'static str, cache: &'static str) -> [(HeaderName, HeaderValue); 3] {
    [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CACHE_CONTROL, HeaderValue::from_static(cache)),
    ]
}
