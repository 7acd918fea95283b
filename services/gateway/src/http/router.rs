//! All routes, and what stands before them.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::problem::Problem;
use super::{
    auth, documents, keys, message, messages, own, page, receipts, rooms, search, span, users,
};
use crate::dialect::Dialect;
use crate::gateway::Gateway;

/// Everything that is not Socket.IO: the REST side of each dialect under its name, and that of `root` at
/// the top.
pub fn router(gateway: Arc<Gateway>, root: Dialect, max_body_bytes: usize) -> Router {
    let mut router = Router::new()
        .merge(keys::routes())
        .merge(documents::routes(root))
        .merge(root.vocabulary().routes());
    for dialect in Dialect::all() {
        router = router.nest(
            &format!("/{}", dialect.name()),
            dialect.vocabulary().routes(),
        );
    }
    router = match root.name() {
        "native" => router.merge(page::routes()),
        _ => router.merge(documents::front(root)),
    };
    router
        .method_not_allowed_fallback(async || {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            Problem::of_http(status, "METHOD_NOT_ALLOWED", "this route has other methods")
        })
        .fallback(async || {
            Problem::of_http(
                StatusCode::NOT_FOUND,
                "ROUTE_NOT_FOUND",
                "there is no such route",
            )
        })
        .layer(DefaultBodyLimit::max(max_body_bytes))
        .layer(from_fn(span::span))
        .with_state(gateway)
}

/// The REST side of the native dialect.
pub fn native() -> Router<Arc<Gateway>> {
    Router::new()
        .merge(auth::routes())
        .merge(users::routes())
        .merge(own::routes())
        .merge(rooms::routes())
        .merge(message::routes())
        .merge(messages::routes())
        .merge(receipts::routes())
        .merge(search::routes())
}

/// Which pages elsewhere may call, sockets included.
pub fn cors(origins: &[String]) -> CorsLayer {
    let layer = CorsLayer::new()
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE]);
    if origins.iter().any(|origin| origin == "*") {
        return layer.allow_origin(AllowOrigin::any());
    }
    let origins = origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok());
    layer
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
}
