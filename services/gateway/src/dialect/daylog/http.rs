//! Daylog's REST side: the refresh token is in its cookie alone.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use confab_fault::{Fault, Kind};
use confab_ids::{MessageId, RoomId, UserId};
use confab_proto::auth::{
    LogInRequest, LogOutRequest, RefreshRequest, SignUpRequest, TokenPair, User,
};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::view::{MessageView, UserView};
use crate::cookie::Place;
use crate::dialect::in_words;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::http::{Authenticated, Body, Device, Here, Id, Problem, Query};
use crate::message::history;
use crate::people;
use crate::rate_limit::{self, ClientAddress};
use crate::session;

pub fn routes() -> Router<Arc<Gateway>> {
    let routes = Router::new()
        .route("/api/auth/register", post(register))
        .route("/api/auth/login", post(log_in))
        .route("/api/auth/refresh", post(refresh))
        .route("/api/auth/logout", post(log_out))
        .route("/api/auth/me", get(me))
        .route("/api/users", get(users))
        .route("/api/messages/{id}", get(messages));
    in_words(routes, |fault| json!({ "message": fault.detail() }))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Register {
    #[serde(default)]
    username: String,
    #[serde(default)]
    name: String,
    email: String,
    password: String,
}

async fn register(
    State(gateway): State<Arc<Gateway>>,
    Device(device): Device,
    Here(place): Here,
    headers: HeaderMap,
    Body(body): Body<Register>,
) -> Result<Response, Problem> {
    let request = SignUpRequest {
        username: body.username,
        email: body.email,
        password: body.password,
        device: Some(device),
        display_name: body.name,
        ..SignUpRequest::default()
    };
    let answer = gateway.clients.auth.sign_up(request).await?;
    let session = (answer.user, answer.tokens);
    logged_in(&gateway, (&headers, &place), StatusCode::CREATED, session)
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
    Extension(address): Extension<ClientAddress>,
    Here(place): Here,
    headers: HeaderMap,
    Body(body): Body<LogIn>,
) -> Result<Response, Problem> {
    let login = body.email.or(body.username);
    let login = login.ok_or(Error::field("email", "email or username must be given"))?;
    let account = rate_limit::log_in::account(&login);
    let request = LogInRequest {
        login,
        password: body.password,
        device: Some(device),
    };
    let proof = gateway.clients.auth.log_in(request);
    let answer = rate_limit::log_in::attempt(&gateway.limits, &account, address, proof).await?;
    let session = (answer.user, answer.tokens);
    logged_in(&gateway, (&headers, &place), StatusCode::OK, session)
}

async fn refresh(
    State(gateway): State<Arc<Gateway>>,
    Device(device): Device,
    Here(place): Here,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let refresh_token = token(&gateway, &headers)?;
    let request = RefreshRequest {
        refresh_token,
        device: Some(device),
    };
    let given_up = |problem: Problem| {
        let cookie = gateway.cookie.give_up(&headers, &place);
        Ok(([(SET_COOKIE, cookie)], problem).into_response())
    };
    match gateway.clients.auth.refresh(request).await {
        Ok(answer) => match &answer.revoked {
            Some(revoked) => {
                session::revoke::ended_by_token(&gateway, revoked);
                given_up(Error::RefreshTokenReused.into())
            }
            None => {
                let session = (answer.user, answer.tokens);
                logged_in(&gateway, (&headers, &place), StatusCode::OK, session)
            }
        },
        Err(fault) if fault.kind() == Kind::Unauthenticated => given_up(fault.into()),
        Err(fault) => Err(fault.into()),
    }
}

async fn log_out(
    State(gateway): State<Arc<Gateway>>,
    Here(place): Here,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(refresh_token) = gateway.cookie.read(&headers)? {
        let request = LogOutRequest { refresh_token };
        if let Some(ended) = &gateway.clients.auth.log_out(request).await?.ended {
            session::revoke::ended_by_token(&gateway, ended);
        }
    }
    let cookie = gateway.cookie.give_up(&headers, &place);
    let body = Json(json!({ "message": "Logged out" }));
    Ok(([(SET_COOKIE, cookie)], body).into_response())
}

fn token(gateway: &Gateway, headers: &HeaderMap) -> Result<String, Error> {
    let held = gateway.cookie.read(headers)?;
    held.ok_or(Error::RefreshTokenMissing)
}

fn logged_in(
    gateway: &Gateway,
    (headers, place): (&HeaderMap, &Place),
    status: StatusCode,
    session: (Option<User>, Option<TokenPair>),
) -> Result<Response, Problem> {
    let (Some(user), Some(tokens)) = session else {
        let detail = "something went wrong on our side";
        return Err(Fault::new(Kind::Internal, "INTERNAL", detail).into());
    };
    let life = tokens.refresh_expires_in_seconds;
    let cookie = gateway
        .cookie
        .hold(headers, place, &tokens.refresh_token, life);
    let body = json!({
        "user": UserView::new(&user, &gateway.media.links),
        "accessToken": tokens.access_token,
        "expiresIn": tokens.expires_in_seconds,
    });
    Ok((status, [(SET_COOKIE, cookie)], Json(body)).into_response())
}

async fn me(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
) -> Result<Json<Value>, Problem> {
    let user = people::oneself(&gateway, &principal).await?;
    let view = UserView::new(&user, &gateway.media.links);
    Ok(Json(json!({ "user": view })))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Search {
    #[serde(default)]
    query: String,
}

async fn users(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Query(Search { query }): Query<Search>,
) -> Result<Json<Value>, Problem> {
    let people = people::known(&gateway, &principal, &query).await?;
    let view = |user| UserView::new(user, &gateway.media.links);
    let users: Vec<_> = people.users.iter().map(view).collect();
    Ok(Json(json!({ "users": users })))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Before {
    before: Option<MessageId>,
    limit: Option<i64>,
}

async fn messages(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(other): Id<UserId>,
    Query(Before { before, limit }): Query<Before>,
) -> Result<Json<Value>, Problem> {
    let room = RoomId::of_two(principal.user, other);
    let history = match history::before(&gateway, &principal, room, (before, limit)).await {
        Ok(history) => history,
        // Nothing was said between the two yet.
        Err(Error::Peer(fault)) if fault.kind() == Kind::NotFound => {
            people::somebody(&gateway, other).await?;
            return Ok(Json(json!({ "messages": [] })));
        }
        Err(error) => return Err(error.into()),
    };
    let me = principal.user.to_string();
    let mut messages = Vec::with_capacity(history.messages.len());
    for message in &history.messages {
        let receiver = match message.from == me {
            true => other,
            false => principal.user,
        };
        let read_at = history.receipts.read_at(message, receiver);
        messages.push(MessageView::new(message, receiver, read_at));
    }
    Ok(Json(json!({ "messages": messages })))
}
