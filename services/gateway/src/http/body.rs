//! Reading what a request carries; what cannot be read is a problem document, not plain text.

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::contract::object::Object;
use crate::error::Error;

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let axum::Json(Object(body)) =
            axum::Json::<Object<T>>::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// A JSON body that may be missing.
pub struct OptionalBody<T>(pub T);

impl<S: Send + Sync, T: Default + DeserializeOwned> FromRequest<S> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let bytes = axum::body::Bytes::from_request(whole, state)
            .await
            .map_err(|rejection| match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => too_large(),
                _ => Error::PayloadUnreadable(rejection.body_text()).into(),
            })?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        let request = Request::from_parts(parts, bytes.into());
        let Body(body) = Body::from_request(request, state).await?;
        Ok(Self(body))
    }
}

fn too_large() -> Problem {
    Problem::of_http(
        StatusCode::PAYLOAD_TOO_LARGE,
        "PAYLOAD_TOO_LARGE",
        "the body is too large",
    )
}

/// A query string.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Query(query) =
            axum::extract::Query::<T>::from_request_parts(parts, state).await?;
        Ok(Self(query))
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::of_http(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "MEDIA_TYPE_UNSUPPORTED",
                "the body must be application/json",
            ),
            _ => Error::PayloadUnreadable(rejection.body_text()).into(),
        }
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Error::PayloadUnreadable(rejection.body_text()).into()
    }
}

/// An id in the path.
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(id)) => Ok(Self(id)),
            Err(_) => Err(Error::field("id", "must be 24 hex digits").into()),
        }
    }
}

/// How many things one page may have: absent means as many as usual, and less than one is a mistake.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(try_from = "i32")]
pub struct Limit(i32);

impl Limit {
    /// As the services want it: 0 means as many as usual.
    pub const fn or_usual(self) -> i32 {
        self.0
    }
}

impl TryFrom<i32> for Limit {
    type Error = &'static str;

    fn try_from(limit: i32) -> Result<Self, Self::Error> {
        if limit > 0 {
            Ok(Self(limit))
        } else {
            Err("limit must be 1 or more")
        }
    }
}
