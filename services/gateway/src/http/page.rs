//! The chat page: a few files, part of the binary.

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};

use crate::gateway::Gateway;

/// Nothing but our own files runs, and nobody may frame them.
const POLICY: &str = "default-src 'self'; connect-src 'self'; img-src 'self' https: data:; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

macro_rules! file {
    ($name:literal, $kind:literal) => {
        get(async || serve($kind, include_str!(concat!("../../../web/page/", $name))))
    };
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/", file!("index.html", "text/html; charset=utf-8"))
        .route("/style.css", file!("style.css", "text/css; charset=utf-8"))
        .route("/app.js", file!("app.js", "text/javascript; charset=utf-8"))
        .route(
            "/backoff.js",
            file!("backoff.js", "text/javascript; charset=utf-8"),
        )
        .route(
            "/chat.js",
            file!("chat.js", "text/javascript; charset=utf-8"),
        )
        .route("/dom.js", file!("dom.js", "text/javascript; charset=utf-8"))
        .route(
            "/invite.js",
            file!("invite.js", "text/javascript; charset=utf-8"),
        )
        .route(
            "/outbox.js",
            file!("outbox.js", "text/javascript; charset=utf-8"),
        )
        .route(
            "/room.js",
            file!("room.js", "text/javascript; charset=utf-8"),
        )
        .route(
            "/screen.js",
            file!("screen.js", "text/javascript; charset=utf-8"),
        )
        .route(
            "/session.js",
            file!("session.js", "text/javascript; charset=utf-8"),
        )
        .route(
            "/vendor/socket.io.min.js",
            file!("vendor/socket.io.min.js", "text/javascript; charset=utf-8"),
        )
}

fn serve(kind: &'static str, content: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        // A rollout must not leave old scripts with new servers.
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, content).into_response()
}
