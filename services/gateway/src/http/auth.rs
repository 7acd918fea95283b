//! `/api/auth`: signing up, logging in, staying logged in, logging out, here and elsewhere.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use confab_fault::{Fault, Kind};
use confab_ids::SessionId;
use confab_proto::auth::{
    ListSessionsRequest, LogInRequest, LogOutRequest, RefreshRequest, SignUpRequest, TokenPair,
    User,
};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticated::Authenticated;
use super::body::{Body, Id, OptionalBody};
use super::device::Device;
use super::here::Here;
use super::problem::Problem;
use crate::contract::words::AnyId;
use crate::cookie::Place;
use crate::dialect::native::{LoginList, SessionView};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::rate_limit::{self, ClientAddress};
use crate::session;

pub fn routes() -> OpenApiRouter<Arc<Gateway>> {
    OpenApiRouter::new()
        .routes(routes!(sign_up))
        .routes(routes!(log_in))
        .routes(routes!(refresh))
        .routes(routes!(log_out))
        .routes(routes!(sessions, revoke_others))
        .routes(routes!(revoke))
}

#[derive(Deserialize, ToSchema)]
#[serde(expecting = "an object")]
#[schema(as = SignUpBody)]
struct SignUp {
    #[schema(
        min_length = 3,
        max_length = 32,
        pattern = "^[A-Za-z0-9_.-]+$",
        example = "ada"
    )]
    username: String,
    #[schema(
        min_length = 3,
        max_length = 254,
        pattern = r"^[^@\s]+@[^@\s]+$",
        example = "ada@example.org"
    )]
    email: String,
    #[schema(min_length = 8, max_length = 72, example = "correct horse")]
    password: String,
}

/// Makes an account, and logs it in.
#[utoipa::path(
    post, path = "/api/auth/signup", operation_id = "signUp",
    request_body = SignUp,
    security(()),
    responses(
        (status = 201, body = SessionView, description = "the account, logged in; also sets the refresh cookie"),
        (status = 409, description = "`USERNAME_TAKEN`, `EMAIL_TAKEN`")
    )
)]
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

#[derive(Deserialize, ToSchema)]
#[serde(expecting = "an object")]
#[schema(as = LogInBody)]
struct LogIn {
    #[schema(example = "ada@example.org")]
    email: Option<String>,
    username: Option<String>,
    #[schema(example = "correct horse")]
    password: String,
}

/// Logs in with a password, by `email` or by `username`.
#[utoipa::path(
    post, path = "/api/auth/login", operation_id = "logIn",
    request_body = LogIn,
    security(()),
    responses(
        (status = 200, body = SessionView, description = "a new session; also sets the refresh cookie"),
        (status = 401, description = "`CREDENTIALS_WRONG`")
    )
)]
async fn log_in(
    State(gateway): State<Arc<Gateway>>,
    Device(device): Device,
    Here(place): Here,
    headers: HeaderMap,
    Extension(address): Extension<ClientAddress>,
    Body(LogIn {
        email,
        username,
        password,
    }): Body<LogIn>,
) -> Result<Response, Problem> {
    let login = email
        .or(username)
        .ok_or(Error::field("email", "email or username must be given"))?;
    let account = rate_limit::log_in::account(&login);
    let request = LogInRequest {
        login,
        password,
        device: Some(device),
    };
    let proof = gateway.clients.auth.log_in(request);
    let answer = rate_limit::log_in::attempt(&gateway.limits, &account, address, proof).await?;
    logged_in(
        &gateway,
        (&headers, &place),
        StatusCode::OK,
        (answer.user, answer.tokens),
    )
}

/// The token itself, unless the cookie holds it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[schema(as = RefreshBody)]
struct Refresh {
    #[serde(default)]
    refresh_token: Option<String>,
}

/// Spends a refresh token, of the body or else of the cookie, for new tokens.
#[utoipa::path(
    post, path = "/api/auth/refresh", operation_id = "refresh",
    request_body = Option<Refresh>,
    security((), ("refreshCookie" = [])),
    responses(
        (status = 200, body = SessionView, description = "the same session with new tokens"),
        (status = 401, description = "`REFRESH_TOKEN_MISSING`, `REFRESH_TOKEN_INVALID`, `REFRESH_TOKEN_REUSED`"),
        (status = 403, description = "`ORIGIN_FORBIDDEN`")
    )
)]
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

/// Ends the session of a refresh token, of the body or else of the cookie.
#[utoipa::path(
    post, path = "/api/auth/logout", operation_id = "logOut",
    request_body = Option<Refresh>,
    security((), ("refreshCookie" = [])),
    responses(
        (status = 204, description = "the session is over, and its sockets are closed"),
        (status = 401, description = "`REFRESH_TOKEN_MISSING`, `REFRESH_TOKEN_INVALID`"),
        (status = 403, description = "`ORIGIN_FORBIDDEN`")
    )
)]
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

/// One's own sessions, the last used first.
#[utoipa::path(
    get, path = "/api/auth/sessions", operation_id = "listSessions",
    responses(
        (status = 200, body = LoginList<'_>, description = "the sessions")
    )
)]
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

/// Ends one session, with its sockets.
#[utoipa::path(
    delete, path = "/api/auth/sessions/{id}", operation_id = "revokeSession",
    params(("id" = AnyId, Path)),
    responses(
        (status = 204, description = "the session is over"),
        (status = 404, description = "`SESSION_NOT_FOUND`")
    )
)]
async fn revoke(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<SessionId>,
) -> Result<StatusCode, Problem> {
    session::revoke::revoke(&gateway, &principal, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all sessions but the one that asks.
#[utoipa::path(
    delete, path = "/api/auth/sessions", operation_id = "revokeOtherSessions",
    responses(
        (status = 204, description = "they are over")
    )
)]
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
