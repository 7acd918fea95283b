//! `/.well-known/jwks.json`: the keys that verify access tokens, for services of yours.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::header::CACHE_CONTROL;

use crate::dialect::native::KeySet;
use crate::gateway::Gateway;

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/.well-known/jwks.json", get(keys))
}

async fn keys(State(gateway): State<Arc<Gateway>>) -> Response {
    let keys = KeySet::from(gateway.verifier.published().await);
    // As often as the gateways themselves read them.
    ([(CACHE_CONTROL, "public, max-age=60")], Json(keys)).into_response()
}
