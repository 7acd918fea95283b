//! `/.well-known/jwks.json`: the keys that verify access tokens, for services of yours.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::dialect::native::KeySet;
use crate::gateway::Gateway;

pub fn routes() -> OpenApiRouter<Arc<Gateway>> {
    OpenApiRouter::new().routes(routes!(keys))
}

/// The keys that verify access tokens.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", operation_id = "listKeys",
    security(()),
    responses(
        (status = 200, body = KeySet, description = "a JSON Web Key Set (RFC 7517)")
    )
)]
async fn keys(State(gateway): State<Arc<Gateway>>) -> Response {
    let keys = KeySet::from(gateway.verifier.published().await);
    // As often as the gateways themselves read them.
    ([(CACHE_CONTROL, "public, max-age=60")], Json(keys)).into_response()
}
