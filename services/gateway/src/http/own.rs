//! `/api/users/me/...`: one's own password, and whom one blocks.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use confab_ids::UserId;
use confab_proto::auth::{ChangePasswordRequest, ListBlockedRequest};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticated::Authenticated;
use super::body::{Body, Id};
use super::problem::Problem;
use crate::contract::words::AnyId;
use crate::dialect::native::{UserList, UserView};
use crate::gateway::Gateway;
use crate::rate_limit::{self, ClientAddress, Subject};
use crate::{block, session};

pub fn routes() -> OpenApiRouter<Arc<Gateway>> {
    OpenApiRouter::new()
        .routes(routes!(change_password))
        .routes(routes!(block, blocks))
        .routes(routes!(unblock))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[schema(as = ChangePasswordBody)]
struct ChangePassword {
    current_password: String,
    #[schema(min_length = 8, max_length = 72)]
    new_password: String,
}

/// Changes one's password.
///
/// The caller's other sessions end with the old password.
#[utoipa::path(
    post, path = "/api/users/me/password", operation_id = "changePassword",
    request_body = ChangePassword,
    responses(
        (status = 204, description = "changed; the other sessions are over"),
        (status = 403, description = "`PASSWORD_WRONG`"),
        (status = 404, description = "`USER_NOT_FOUND`")
    )
)]
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

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[schema(as = BlockBody)]
struct Block {
    #[schema(value_type = AnyId)]
    user_id: UserId,
}

/// Blocks somebody.
#[utoipa::path(
    post, path = "/api/users/me/blocks", operation_id = "blockUser",
    request_body = Block,
    responses(
        (status = 204, description = "blocked"),
        (status = 404, description = "`USER_NOT_FOUND`"),
        (status = 409, description = "`BLOCKS_TOO_MANY`")
    )
)]
async fn block(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Body(Block { user_id }): Body<Block>,
) -> Result<StatusCode, Problem> {
    block::change::block(&gateway, &principal, user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lifts a block.
#[utoipa::path(
    delete, path = "/api/users/me/blocks/{id}", operation_id = "unblockUser",
    params(("id" = AnyId, Path)),
    responses(
        (status = 204, description = "not blocked any more"),
        (status = 404, description = "`USER_NOT_FOUND`")
    )
)]
async fn unblock(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<UserId>,
) -> Result<StatusCode, Problem> {
    block::change::unblock(&gateway, &principal, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whom one blocks.
#[utoipa::path(
    get, path = "/api/users/me/blocks", operation_id = "listBlocks",
    responses(
        (status = 200, body = UserList<'_>, description = "the blocked users")
    )
)]
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
