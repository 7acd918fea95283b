//! `/api/search`: messages by what they say.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::authenticated::Authenticated;
use super::body::Query;
use super::problem::Problem;
use crate::dialect::native::FoundPage;
use crate::gateway::Gateway;
use crate::message::search::{SearchMessages, search};

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/api/search", get(find))
}

async fn find(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Query(command): Query<SearchMessages>,
) -> Result<Response, Problem> {
    let found = search(&gateway, &principal, command).await?;
    Ok(Json(FoundPage::new(&found)).into_response())
}
