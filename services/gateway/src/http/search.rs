//! `/api/search`: messages by what they say.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticated::Authenticated;
use super::body::Query;
use super::problem::Problem;
use crate::dialect::native::FoundPage;
use crate::gateway::Gateway;
use crate::message::search::{SearchMessages, search};

pub fn routes() -> OpenApiRouter<Arc<Gateway>> {
    OpenApiRouter::new().routes(routes!(find))
}

/// Messages in one's rooms by what they say, the newest first.
#[utoipa::path(
    get, path = "/api/search", operation_id = "searchMessages",
    params(SearchMessages),
    responses(
        (status = 200, body = FoundPage<'_>, description = "a page of them"),
        (status = 404, description = "`ROOM_NOT_FOUND`")
    )
)]
async fn find(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Query(command): Query<SearchMessages>,
) -> Result<Response, Problem> {
    let found = search(&gateway, &principal, command).await?;
    Ok(Json(FoundPage::new(&found)).into_response())
}
