//! All routes, and what stands before them.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, StatusCode};
use serde_json::Value;
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa_axum::router::OpenApiRouter;

use super::problem::Problem;
use super::{
    auth, docs, documents, keys, limit, media, message, messages, openapi, own, page, receipts,
    rooms, search, span, users,
};
use crate::dialect::Dialect;
use crate::gateway::Gateway;

const ABOUT: &str = "Accounts, rooms, messages and presence over HTTP. All of it can be had over \
    Socket.IO too: see `/docs/events`.";

/// The native routes with the document that describes them: neither can have what the other lacks.
fn described() -> OpenApiRouter<Arc<Gateway>> {
    rest().merge(keys::routes())
}

fn rest() -> OpenApiRouter<Arc<Gateway>> {
    OpenApiRouter::with_openapi(openapi::empty("Confab", ABOUT))
        .merge(auth::routes())
        .merge(users::routes())
        .merge(own::routes())
        .merge(rooms::routes())
        .merge(message::routes())
        .merge(messages::routes())
        .merge(receipts::routes())
        .merge(search::routes())
        .merge(media::routes())
}

/// Everything that is not Socket.IO: the REST side of each dialect under its name, and that of `root` at
/// the top; `events` is the document of what is.
pub fn router(
    gateway: Arc<Gateway>,
    root: Dialect,
    max_body_bytes: usize,
    events: &Value,
) -> Router {
    let (_, document) = described().split_for_parts();
    let mut router = Router::new()
        .merge(Router::from(keys::routes()))
        .merge(docs::routes(&openapi::complete(document), events))
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
        .layer(from_fn_with_state(gateway.clone(), limit::limit))
        .layer(from_fn(span::span))
        .with_state(gateway)
}

/// The REST side of the native dialect.
pub fn native() -> Router<Arc<Gateway>> {
    Router::from(rest())
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
        .allow_headers([AUTHORIZATION, CONTENT_TYPE])
        .expose_headers(
            limit::EXPOSED
                .into_iter()
                .chain([RETRY_AFTER])
                .collect::<Vec<_>>(),
        );
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

#[cfg(test)]
mod tests;
