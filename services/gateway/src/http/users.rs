//! `/api/users`: oneself, others, who is online.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use confab_ids::UserId;
use confab_proto::auth::{
    BatchGetUsersRequest, LastSeenVisibility, SearchUsersRequest, UpdateProfileRequest,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticated::Authenticated;
use super::body::{Body, Id, Limit, Query};
use super::problem::Problem;
use crate::contract::words::{AnyId, Audience, IdOrEmpty};
use crate::dialect::native::{PresenceView, UserPage, UserView, Visibility as _, rfc3339};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::media::avatar;
use crate::presence;

pub fn routes() -> OpenApiRouter<Arc<Gateway>> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(me, update_me))
        .routes(routes!(one))
        .routes(routes!(presence_of))
}

#[derive(Deserialize, IntoParams)]
#[serde(expecting = "an object")]
#[into_params(parameter_in = Query)]
struct Search {
    #[param(min_length = 1, max_length = 64, example = "ada")]
    query: String,
    /// 20 if absent.
    #[serde(default)]
    #[param(value_type = i32, minimum = 1, maximum = 50)]
    limit: Limit,
    /// The `nextCursor` of the page before.
    #[serde(default)]
    #[param(value_type = IdOrEmpty)]
    after: String,
}

/// Finds people by the beginning of a name.
#[utoipa::path(
    get, path = "/api/users", operation_id = "searchUsers",
    params(Search),
    responses(
        (status = 200, body = UserPage<'_>, description = "those whose username begins so, then those whose display name does")
    )
)]
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

/// Oneself.
#[utoipa::path(
    get, path = "/api/users/me", operation_id = "getMe",
    responses(
        (status = 200, body = UserView<'_>, description = "the caller"),
        (status = 404, description = "`USER_NOT_FOUND`")
    )
)]
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

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[schema(as = UpdateProfileBody)]
struct Update {
    #[schema(max_length = 64)]
    display_name: Option<String>,
    #[schema(max_length = 2048)]
    avatar_url: Option<String>,
    #[schema(max_length = 500)]
    bio: Option<String>,
    #[schema(value_type = Option<Audience>)]
    last_seen_visibility: Option<String>,
}

/// Changes one's profile; what is absent stays.
#[utoipa::path(
    patch, path = "/api/users/me", operation_id = "updateMe",
    request_body = Update,
    responses(
        (status = 200, body = UserView<'_>, description = "the caller as it is now"),
        (status = 404, description = "`USER_NOT_FOUND`")
    )
)]
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

/// Somebody.
#[utoipa::path(
    get, path = "/api/users/{id}", operation_id = "getUser",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, body = UserView<'_>, description = "the user"),
        (status = 404, description = "`USER_NOT_FOUND`")
    )
)]
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

/// Whether somebody is online.
#[utoipa::path(
    get, path = "/api/users/{id}/presence", operation_id = "getPresence",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, body = PresenceView, description = "as far as the caller may see"),
        (status = 404, description = "`USER_NOT_FOUND`")
    )
)]
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
