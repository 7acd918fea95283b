//! `/api/auth`: signing up, logging in, staying logged in, logging out, here and elsewhere.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use confab_fault::{Fault, Kind};
use confab_ids::SessionId;
use confab_proto::auth::{
    ListSessionsRequest, LogInRequest, LogOutRequest, RefreshRequest, SignUpRequest, TokenPair,
    User,
};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::authenticated::Authenticated;
use super::body::{Body, Id, OptionalBody};
use super::device::Device;
use super::here::Here;
use super::problem::Problem;
use crate::cookie::Place;
use crate::dialect::native::{LoginList, SessionView};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::session;

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/auth/signup", post(sign_up))
        .route("/api/auth/login", post(log_in))
        .route("/api/auth/refresh", post(refresh))
        .route("/api/auth/logout", post(log_out))
        .route("/api/auth/sessions", get(sessions).delete(revoke_others))
        .route("/api/auth/sessions/{id}", delete(revoke))
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
    Device(device): Device,
    Here(place): Here,
    headers: HeaderMap,
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
        device: Some(device),
        ..SignUpRequest::default()
    };
    let answer = gateway.clients.auth.sign_up(request).await?;
    logged_in(
        &gateway,
        (&headers, &place),
        StatusCode::CREATED,
        (answer.user, answer.tokens),
    )
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
    Device(device): Device,
    Here(place): Here,
    headers: HeaderMap,
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
        .log_in(LogInRequest {
            login,
            password,
            device: Some(device),
        })
        .await?;
    logged_in(
        &gateway,
        (&headers, &place),
        StatusCode::OK,
        (answer.user, answer.tokens),
    )
}

/// The token itself, unless the cookie holds it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Refresh {
    #[serde(default)]
    refresh_token: Option<String>,
}

async fn refresh(
    State(gateway): State<Arc<Gateway>>,
    Device(device): Device,
    Here(place): Here,
    headers: HeaderMap,
    OptionalBody(body): OptionalBody<Refresh>,
) -> Result<Response, Problem> {
    let refresh_token = token(&gateway, &headers, body)?;
    let device = Some(device);
    let request = RefreshRequest {
        refresh_token,
        device,
    };
    let answer = match gateway.clients.auth.refresh(request).await {
        Ok(answer) => answer,
        Err(fault) if fault.kind() == Kind::Unauthenticated => {
            return Ok(given_up(&gateway, (&headers, &place), Problem::from(fault)));
        }
        Err(fault) => return Err(fault.into()),
    };
    if let Some(revoked) = &answer.revoked {
        session::revoke::ended_by_token(&gateway, revoked);
        let problem = Problem::from(Error::RefreshTokenReused);
        return Ok(given_up(&gateway, (&headers, &place), problem));
    }
    logged_in(
        &gateway,
        (&headers, &place),
        StatusCode::OK,
        (answer.user, answer.tokens),
    )
}

async fn log_out(
    State(gateway): State<Arc<Gateway>>,
    Here(place): Here,
    headers: HeaderMap,
    OptionalBody(body): OptionalBody<Refresh>,
) -> Result<Response, Problem> {
    let refresh_token = token(&gateway, &headers, body)?;
    let request = LogOutRequest { refresh_token };
    let answer = gateway.clients.auth.log_out(request).await?;
    if let Some(ended) = &answer.ended {
        session::revoke::ended_by_token(&gateway, ended);
    }
    Ok(given_up(
        &gateway,
        (&headers, &place),
        StatusCode::NO_CONTENT,
    ))
}

async fn sessions(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
) -> Result<Response, Problem> {
    let request = ListSessionsRequest {
        user_id: principal.user.to_string(),
    };
    let answer = gateway.clients.auth.list_sessions(request).await?;
    let list = LoginList::new(&answer.sessions, &principal.session.to_string());
    Ok(Json(list).into_response())
}

async fn revoke(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<SessionId>,
) -> Result<StatusCode, Problem> {
    session::revoke::revoke(&gateway, &principal, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn revoke_others(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
) -> Result<StatusCode, Problem> {
    session::revoke::revoke_others(&gateway, &principal).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The refresh token of the body, or else of the cookie.
fn token(gateway: &Gateway, headers: &HeaderMap, body: Refresh) -> Result<String, Error> {
    match body.refresh_token {
        Some(token) => Ok(token),
        None => gateway
            .cookie
            .read(headers)?
            .ok_or(Error::RefreshTokenMissing),
    }
}

/// An answer after which there is no session: whatever the cookie holds is worth nothing.
fn given_up(
    gateway: &Gateway,
    (headers, place): (&HeaderMap, &Place),
    answer: impl IntoResponse,
) -> Response {
    let cookie = gateway.cookie.give_up(headers, place);
    ([(SET_COOKIE, cookie)], answer).into_response()
}

fn logged_in(
    gateway: &Gateway,
    (headers, place): (&HeaderMap, &Place),
    status: StatusCode,
    answer: (Option<User>, Option<TokenPair>),
) -> Result<Response, Problem> {
    let (Some(user), Some(tokens)) = answer else {
        return Err(Fault::new(
            Kind::Internal,
            "INTERNAL",
            "something went wrong on our side",
        )
        .into());
    };
    let life = tokens.refresh_expires_in_seconds;
    let cookie = gateway
        .cookie
        .hold(headers, place, &tokens.refresh_token, life);
    let body = Json(SessionView::new(&user, &tokens));
    Ok((status, [(SET_COOKIE, cookie)], body).into_response())
}
