//! `/api/auth`: signing up, logging in, staying logged in, logging out.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use confab_fault::{Fault, Kind};
use confab_proto::auth::{
    LogInRequest, LogOutRequest, RefreshRequest, SignUpRequest, TokenPair, User,
};
use http::StatusCode;
use serde::Deserialize;

use super::body::Body;
use super::problem::Problem;
use crate::dialect::native::SessionView;
use crate::error::Error;
use crate::gateway::Gateway;

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/auth/signup", post(sign_up))
        .route("/api/auth/login", post(log_in))
        .route("/api/auth/refresh", post(refresh))
        .route("/api/auth/logout", post(log_out))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct SignUp {
    username: String,
    email: String,
    password: String,
}

async fn sign_up(
    State(gateway): State<Arc<Gateway>>,
    Body(SignUp {
        username,
        email,
        password,
    }): Body<SignUp>,
) -> Result<Response, Problem> {
    let request = SignUpRequest {
        username,
        email,
        password,
    };
    let answer = gateway.clients.auth.sign_up(request).await?;
    session(StatusCode::CREATED, answer.user, answer.tokens)
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct LogIn {
    email: Option<String>,
    username: Option<String>,
    password: String,
}

async fn log_in(
    State(gateway): State<Arc<Gateway>>,
    Body(LogIn {
        email,
        username,
        password,
    }): Body<LogIn>,
) -> Result<Response, Problem> {
    let login = email
        .or(username)
        .ok_or(Error::field("email", "email or username must be given"))?;
    let answer = gateway
        .clients
        .auth
        .log_in(LogInRequest { login, password })
        .await?;
    session(StatusCode::OK, answer.user, answer.tokens)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Refresh {
    refresh_token: String,
}

async fn refresh(
    State(gateway): State<Arc<Gateway>>,
    Body(Refresh { refresh_token }): Body<Refresh>,
) -> Result<Response, Problem> {
    let answer = gateway
        .clients
        .auth
        .refresh(RefreshRequest { refresh_token })
        .await?;
    session(StatusCode::OK, answer.user, answer.tokens)
}

async fn log_out(
    State(gateway): State<Arc<Gateway>>,
    Body(Refresh { refresh_token }): Body<Refresh>,
) -> Result<StatusCode, Problem> {
    gateway
        .clients
        .auth
        .log_out(LogOutRequest { refresh_token })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn session(
    status: StatusCode,
    user: Option<User>,
    tokens: Option<TokenPair>,
) -> Result<Response, Problem> {
    let (Some(user), Some(tokens)) = (user, tokens) else {
        return Err(Fault::new(
            Kind::Internal,
            "INTERNAL",
            "something went wrong on our side",
        )
        .into());
    };
    Ok((status, Json(SessionView::new(&user, &tokens))).into_response())
}
