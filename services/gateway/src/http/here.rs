//! Where a request went, with the prefix of its dialect.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use http::request::Parts;

use crate::cookie::Place;

/// For which requests a cookie that is set now is meant.
pub struct Here(pub Place);

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let OriginalUri(uri) = OriginalUri::from_request_parts(parts, state).await?;
        Ok(Self(Place::of(uri.path())))
    }
}
