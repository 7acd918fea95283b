//! Who is asking, over HTTP.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::problem::Problem;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;

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
        Ok(Self(gateway.verifier.verify(token).await?))
    }
}
