//! `/api/users`: oneself, others, who is online.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use confab_ids::UserId;
use confab_proto::auth::{
    BatchGetUsersRequest, LastSeenVisibility, SearchUsersRequest, UpdateProfileRequest,
};
use serde::Deserialize;

use super::authenticated::Authenticated;
use super::body::{Body, Id, Limit, Query};
use super::problem::Problem;
use crate::dialect::native::{UserPage, UserView, Visibility as _, rfc3339};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::media::avatar;
use crate::presence;

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/users", get(search))
        .route("/api/users/me", get(me).patch(update_me))
        .route("/api/users/{id}", get(one))
        .route("/api/users/{id}/presence", get(presence_of))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Search {
    query: String,
    #[serde(default)]
    limit: Limit,
    #[serde(default)]
    after: String,
}

async fn search(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(_): Authenticated,
    Query(Search {
        query,
        limit,
        after,
    }): Query<Search>,
) -> Result<Response, Problem> {
    let answer = gateway
        .clients
        .auth
        .search_users(SearchUsersRequest {
            query,
            limit: limit.or_usual(),
            after,
        })
        .await?;
    let last = answer.users.last().filter(|_| answer.has_more);
    let page = UserPage {
        users: answer.users.iter().map(UserView::from).collect(),
        next_cursor: last.map(|user| user.id.as_str()),
    };
    Ok(Json(page).into_response())
}

async fn me(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
) -> Result<Response, Problem> {
    let id = principal.user.to_string();
    let request = BatchGetUsersRequest {
        user_ids: vec![id.clone()],
        caller_id: id,
    };
    let answer = gateway.clients.auth.batch_get_users(request).await?;
    let user = answer.users.first().ok_or(Error::UserNotFound)?;
    Ok(Json(UserView::from(user)).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Update {
    display_name: Option<String>,
    avatar_url: Option<String>,
    bio: Option<String>,
    last_seen_visibility: Option<String>,
}

async fn update_me(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Body(Update {
        display_name,
        avatar_url,
        bio,
        last_seen_visibility,
    }): Body<Update>,
) -> Result<Response, Problem> {
    let visibility = match last_seen_visibility
        .as_deref()
        .map(LastSeenVisibility::named)
    {
        None => None,
        Some(Some(visibility)) => Some(visibility.into()),
        Some(None) => {
            let detail = "must be everyone, contacts or nobody";
            return Err(Error::field("lastSeenVisibility", detail).into());
        }
    };
    let request = UpdateProfileRequest {
        user_id: principal.user.to_string(),
        display_name,
        avatar_url,
        bio,
        last_seen_visibility: visibility,
    };
    let change = avatar::begin(
        &gateway.clients,
        principal.user,
        request.avatar_url.as_deref(),
    );
    let change = change.await?;
    let user = gateway.clients.auth.update_profile(request).await?.user;
    change.end(&gateway.clients, principal.user).await;
    let user = user.ok_or(Error::UserNotFound)?;
    gateway.profiles.remember(user.clone());
    Ok(Json(UserView::from(&user)).into_response())
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<UserId>,
) -> Result<Response, Problem> {
    let user = gateway
        .profiles
        .one(&id.to_string())
        .await?
        .ok_or(Error::UserNotFound)?;
    let hidden = presence::sight::hidden_from(&gateway, principal.user, &[id]).await?;
    let mut view = UserView::from(&*user);
    view.last_seen = rfc3339(user.last_seen_at_ms).filter(|_| hidden.is_empty());
    Ok(Json(view).into_response())
}

async fn presence_of(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<UserId>,
) -> Result<Response, Problem> {
    gateway
        .profiles
        .one(&id.to_string())
        .await?
        .ok_or(Error::UserNotFound)?;
    let presences = presence::sight::seen_by(&gateway, principal.user, &[id]).await?;
    Ok(Json(presences.into_iter().next().ok_or(Error::UserNotFound)?).into_response())
}
