//! Who is asking, over HTTP.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::problem::Problem;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;
use crate::rate_limit::{Budget, Subject};

/// The user behind a request that carries `Authorization: Bearer`.
pub struct Authenticated(pub Principal);

impl FromRequestParts<Arc<Gateway>> for Authenticated {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        gateway: &Arc<Gateway>,
    ) -> Result<Self, Problem> {
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = header
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or(Error::TokenMissing)?;
        let principal = gateway.verifier.verify(token).await?;
        Ok(Self(charged(gateway, principal).await?))
    }
}

/// Whoever is asking, once their request is charged like an event of their sockets.
pub async fn charged(gateway: &Gateway, principal: Principal) -> Result<Principal, Error> {
    let subject = Subject::User(principal.user);
    gateway.limits.charge(subject, &[Budget::Events]).await?;
    Ok(principal)
}
