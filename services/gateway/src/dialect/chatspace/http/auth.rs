//! Signing up and logging in, in chatspace's words.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use confab_fault::{Fault, Kind};
use confab_proto::auth::{LogInRequest, SignUpRequest, TokenPair, User};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::view::UserView;
use crate::gateway::Gateway;
use crate::http::{Authenticated, Body, Device, Problem};
use crate::people;
use crate::rate_limit::{self, ClientAddress};

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/auth/signup", post(sign_up))
        .route("/api/auth/login", post(log_in))
        .route("/api/auth/check", get(check))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct SignUp {
    full_name: String,
    email: String,
    password: String,
    #[serde(default)]
    bio: String,
}

async fn sign_up(
    State(gateway): State<Arc<Gateway>>,
    Device(device): Device,
    Body(body): Body<SignUp>,
) -> Result<Response, Problem> {
    let request = SignUpRequest {
        username: String::new(),
        email: body.email,
        password: body.password,
        device: Some(device),
        display_name: body.full_name,
        bio: body.bio,
    };
    let answer = gateway.clients.auth.sign_up(request).await?;
    let session = (answer.user, answer.tokens);
    let said = (StatusCode::CREATED, "Account created successfully");
    logged_in(&gateway, said, session)
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct LogIn {
    email: String,
    password: String,
}

async fn log_in(
    State(gateway): State<Arc<Gateway>>,
    Device(device): Device,
    Extension(address): Extension<ClientAddress>,
    Body(body): Body<LogIn>,
) -> Result<Response, Problem> {
    let account = rate_limit::log_in::account(&body.email);
    let request = LogInRequest {
        login: body.email,
        password: body.password,
        device: Some(device),
    };
    let proof = gateway.clients.auth.log_in(request);
    let answer = rate_limit::log_in::attempt(&gateway.limits, &account, address, proof).await?;
    let session = (answer.user, answer.tokens);
    logged_in(&gateway, (StatusCode::OK, "Login successful"), session)
}

async fn check(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
) -> Result<Json<Value>, Problem> {
    let user = people::oneself(&gateway, &principal).await?;
    let user = UserView::new(&user, &gateway.media.links);
    Ok(Json(json!({ "success": true, "user": user })))
}

fn logged_in(
    gateway: &Gateway,
    (status, message): (StatusCode, &str),
    session: (Option<User>, Option<TokenPair>),
) -> Result<Response, Problem> {
    let (Some(user), Some(tokens)) = session else {
        let detail = "something went wrong on our side";
        return Err(Fault::new(Kind::Internal, "INTERNAL", detail).into());
    };
    let body = json!({
        "success": true,
        "userData": UserView::new(&user, &gateway.media.links),
        "token": tokens.access_token,
        "message": message,
    });
    Ok((status, Json(body)).into_response())
}
