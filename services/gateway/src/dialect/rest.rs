//! The REST side of a dialect: errors of the domain in the dialect's words.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use confab_fault::Fault;
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde_json::Value;

use crate::gateway::Gateway;
use crate::http::Refused;

/// Routes whose refusals are said in the words of `say`, with the status and the headers that they have.
pub fn in_words(routes: Router<Arc<Gateway>>, say: fn(&Fault) -> Value) -> Router<Arc<Gateway>> {
    let reword = move |response: Response| {
        let response = reworded(response, say);
        std::future::ready(response)
    };
    routes.layer(map_response(reword))
}

fn reworded(response: Response, say: fn(&Fault) -> Value) -> Response {
    let Some(Refused(fault)) = response.extensions().get() else {
        return response;
    };
    let body = Json(say(fault)).into_response().into_body();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    let json = HeaderValue::from_static("application/json");
    parts.headers.insert(CONTENT_TYPE, json);
    Response::from_parts(parts, body)
}
