//! `/api/users/me/...`: one's own password, and whom one blocks.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Extension, Json, Router};
use confab_ids::UserId;
use confab_proto::auth::{ChangePasswordRequest, ListBlockedRequest};
use http::StatusCode;
use serde::Deserialize;

use super::authenticated::Authenticated;
use super::body::{Body, Id};
use super::problem::Problem;
use crate::dialect::native::{UserList, UserView};
use crate::gateway::Gateway;
use crate::rate_limit::{self, ClientAddress, Subject};
use crate::{block, session};

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/users/me/password", post(change_password))
        .route("/api/users/me/blocks", get(blocks).post(block))
        .route("/api/users/me/blocks/{id}", delete(unblock))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct ChangePassword {
    current_password: String,
    new_password: String,
}

/// The caller's other sessions end with the old password.
async fn change_password(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Extension(address): Extension<ClientAddress>,
    Body(ChangePassword {
        current_password,
        new_password,
    }): Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let request = ChangePasswordRequest {
        user_id: principal.user.to_string(),
        session_id: principal.session.to_string(),
        current_password,
        new_password,
    };
    // Who has somebody's token must not find out the password with it.
    let account = Subject::User(principal.user);
    let proof = gateway.clients.auth.change_password(request);
    let answer = rate_limit::log_in::attempt(&gateway.limits, &account, address, proof).await?;
    session::revoke::ended(&gateway, &principal, &answer.session_ids);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Block {
    user_id: UserId,
}

async fn block(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Body(Block { user_id }): Body<Block>,
) -> Result<StatusCode, Problem> {
    block::change::block(&gateway, &principal, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn unblock(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<UserId>,
) -> Result<StatusCode, Problem> {
    block::change::unblock(&gateway, &principal, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn blocks(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
) -> Result<Response, Problem> {
    let request = ListBlockedRequest {
        user_id: principal.user.to_string(),
    };
    let answer = gateway.clients.auth.list_blocked(request).await?;
    let users = answer.users.iter().map(UserView::from).collect();
    Ok(Json(UserList { users }).into_response())
}
