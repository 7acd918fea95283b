//! `/docs/dialects`: what each dialect maps to what, as text; and the front where the page is not.

use std::sync::Arc;

use axum::Router;
use axum::response::IntoResponse as _;
use axum::routing::get;
use http::header::CONTENT_TYPE;

use crate::dialect::Dialect;
use crate::gateway::Gateway;

const MARKDOWN: [(http::HeaderName, &str); 1] = [(CONTENT_TYPE, "text/markdown; charset=utf-8")];

pub fn routes(root: Dialect) -> Router<Arc<Gateway>> {
    let list = async move || (MARKDOWN, contents(root)).into_response();
    let mut router = Router::new().route("/docs/dialects", get(list));
    for dialect in Dialect::all() {
        let document = async move || (MARKDOWN, dialect.vocabulary().document()).into_response();
        router = router.route(&format!("/docs/dialects/{}", dialect.name()), get(document));
    }
    router
}

/// The chat page speaks the native dialect at the root: where another one is spoken there, this is said.
pub fn front(root: Dialect) -> Router<Arc<Gateway>> {
    let says = format!(
        "Confab, and it speaks {0}: /docs/dialects/{0}\n",
        root.name()
    );
    Router::new().route("/", get(async move || says))
}

fn contents(root: Dialect) -> String {
    let line = |dialect: Dialect| {
        let name = dialect.name();
        let place = if dialect == root { ", and `/`" } else { "" };
        format!("- [{name}](/docs/dialects/{name}): namespace and prefix `/{name}`{place}\n")
    };
    let lines: String = Dialect::all().map(line).collect();
    format!("# Dialects\n\n{lines}")
}
