//! `/api/auth`: the token is in a cookie that scripts of the page read, as the seed has it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use confab_fault::{Fault, Kind};
use confab_proto::auth::{LogInRequest, SignUpRequest, TokenPair, User};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::super::view::UserView;
use super::{COOKIE, known};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::http::{Body, Device, Problem};
use crate::rate_limit::{self, ClientAddress};
use crate::session;

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/auth/signup", post(sign_up))
        .route("/api/auth/login", post(log_in))
        .route("/api/auth/signin", post(log_in))
        .route("/api/auth/logout", post(log_out))
        .route("/api/auth/signout", post(log_out))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct SignUp {
    #[serde(default)]
    name: String,
    user_name: String,
    email: String,
    password: String,
}

async fn sign_up(
    State(gateway): State<Arc<Gateway>>,
    Device(device): Device,
    headers: HeaderMap,
    Body(body): Body<SignUp>,
) -> Result<Response, Problem> {
    let request = SignUpRequest {
        username: body.user_name,
        email: body.email,
        password: body.password,
        device: Some(device),
        display_name: body.name,
        ..SignUpRequest::default()
    };
    let answer = gateway.clients.auth.sign_up(request).await?;
    let session = (answer.user, answer.tokens);
    logged_in(&gateway, &headers, StatusCode::CREATED, session)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct LogIn {
    email: Option<String>,
    user_name: Option<String>,
    password: String,
}

async fn log_in(
    State(gateway): State<Arc<Gateway>>,
    Device(device): Device,
    Extension(address): Extension<ClientAddress>,
    headers: HeaderMap,
    Body(body): Body<LogIn>,
) -> Result<Response, Problem> {
    let login = body.email.or(body.user_name);
    let login = login.ok_or(Error::field("email", "email or userName must be given"))?;
    let account = rate_limit::log_in::account(&login);
    let request = LogInRequest {
        login,
        password: body.password,
        device: Some(device),
    };
    let proof = gateway.clients.auth.log_in(request);
    let answer = rate_limit::log_in::attempt(&gateway.limits, &account, address, proof).await?;
    let session = (answer.user, answer.tokens);
    logged_in(&gateway, &headers, StatusCode::OK, session)
}

/// Ends the session behind the token; without a good one there is nothing to end but the cookie. Costs nothing,
/// as elsewhere: nobody should have to stay.
async fn log_out(
    State(gateway): State<Arc<Gateway>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Ok(principal) = known(&gateway, &headers).await {
        session::revoke::revoke(&gateway, &principal, principal.session).await?;
    }
    let cookie = gateway.cookie.show(&headers, COOKIE, "", 0);
    let body = Json(json!({ "success": true, "message": "Logged out" }));
    Ok(([(SET_COOKIE, cookie)], body).into_response())
}

fn logged_in(
    gateway: &Gateway,
    headers: &HeaderMap,
    status: StatusCode,
    session: (Option<User>, Option<TokenPair>),
) -> Result<Response, Problem> {
    let (Some(user), Some(tokens)) = session else {
        let detail = "something went wrong on our side";
        return Err(Fault::new(Kind::Internal, "INTERNAL", detail).into());
    };
    let (token, life) = (&tokens.access_token, tokens.expires_in_seconds);
    let cookie = gateway.cookie.show(headers, COOKIE, token, life);
    let body = json!({ "success": true, "user": UserView::new(&user, &gateway.media.links), "token": token });
    Ok((status, [(SET_COOKIE, cookie)], Json(body)).into_response())
}
