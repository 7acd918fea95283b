//! Social's REST side, one file for each family of routes.

mod auth;
mod conversations;
mod messages;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use confab_fault::Fault;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use serde_json::{Value, json};

use crate::cookie;
use crate::dialect::in_words;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::http::{Problem, charged};
use crate::principal::Principal;

/// The cookie that the seed's clients read their token from.
const COOKIE: &str = "token";

pub fn routes() -> Router<Arc<Gateway>> {
    let routes = Router::new()
        .merge(auth::routes())
        .merge(users::routes())
        .merge(conversations::routes())
        .merge(messages::routes());
    in_words(routes, say)
}

fn say(fault: &Fault) -> Value {
    let message = match fault.reason() {
        "TOKEN_MISSING" => "No token provided",
        "TOKEN_INVALID" => "Invalid token",
        "ROOM_NOT_FOUND" => "Invalid conversation",
        _ => fault.detail(),
    };
    json!({ "message": message, "error": message })
}

/// The user behind a token, in the header or else in the cookie. The cookie is sent with requests of our
/// own pages alone (`SameSite`), and its origin is looked at where that is loosened.
struct Caller(Principal);

impl FromRequestParts<Arc<Gateway>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        gateway: &Arc<Gateway>,
    ) -> Result<Self, Problem> {
        let principal = known(gateway, &parts.headers).await?;
        Ok(Self(charged(gateway, principal).await?))
    }
}

/// Who the token speaks for.
async fn known(gateway: &Gateway, headers: &HeaderMap) -> Result<Principal, Error> {
    let header = headers.get(AUTHORIZATION);
    let bearer = header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let token = match bearer {
        Some(token) => token.to_owned(),
        None => {
            let token = cookie::value(headers, COOKIE);
            let token = token.ok_or(Error::TokenMissing)?;
            gateway.cookie.check(headers)?;
            token
        }
    };
    gateway.verifier.verify(&token).await
}
