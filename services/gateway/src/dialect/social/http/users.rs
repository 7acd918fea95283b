//! `/api/user`: oneself, and others.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use confab_ids::UserId;
use serde::Deserialize;

use super::super::view::UserView;
use super::Caller;
use crate::gateway::Gateway;
use crate::http::{Id, Problem, Query};
use crate::people;

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/user", get(all))
        .route("/api/user/me", get(me))
        .route("/api/user/{id}", get(one))
}

async fn me(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
) -> Result<Response, Problem> {
    let user = people::oneself(&gateway, &principal).await?;
    Ok(Json(UserView::new(&user, &gateway.media.links)).into_response())
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Caller(_): Caller,
    Id(id): Id<UserId>,
) -> Result<Response, Problem> {
    let user = people::somebody(&gateway, id).await?;
    Ok(Json(UserView::new(&user, &gateway.media.links)).into_response())
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Search {
    #[serde(default)]
    query: String,
}

async fn all(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Query(Search { query }): Query<Search>,
) -> Result<Response, Problem> {
    let people = people::known(&gateway, &principal, &query).await?;
    let view = |user| UserView::new(user, &gateway.media.links);
    let users: Vec<_> = people.users.iter().map(view).collect();
    Ok(Json(users).into_response())
}
