//! Faults over HTTP: the only table from kinds to status codes, as `application/problem+json`
//! (RFC 9457).

use axum::Json;
use axum::response::{IntoResponse, Response};
use confab_chassis::trace;
use confab_fault::{Fault, Kind};
use confab_limit::gcra::Standing;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::limit;
use crate::error::Error;

/// A request that was not done.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    fault: Fault,
    /// The budget that was exhausted, if it is that.
    standing: Option<Box<Standing>>,
}

/// Goes along with the document, for dialects that say it in other words.
#[derive(Clone)]
pub struct Refused(pub Fault);

/// Why a request was not done (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Document<'a> {
    #[schema(example = "about:blank")]
    r#type: &'static str,
    #[schema(example = "Not Found")]
    title: &'a str,
    #[schema(minimum = 400, maximum = 599, example = 404)]
    status: u16,
    #[schema(example = "there is no such room")]
    detail: &'a str,
    #[schema(example = "ROOM_NOT_FOUND", pattern = "^[A-Z][A-Z0-9_]*$")]
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none", rename = "retryAfterMs")]
    #[schema(value_type = u64)]
    retry_after_ms: Option<u128>,
    trace_id: String,
}

impl Problem {
    /// A problem of HTTP itself, which no service knows.
    pub fn of_http(status: StatusCode, reason: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            fault: Fault::new(Kind::Invalid, reason, detail.into()),
            standing: None,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let standing = match &error {
            Error::RateLimited(exhausted) => Some(Box::new(exhausted.standing)),
            _ => None,
        };
        Self {
            standing,
            ..Fault::from(error).into()
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self {
            status: status(fault.kind()),
            fault,
            standing: None,
        }
    }
}

const fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Exists | Kind::Precondition => StatusCode::CONFLICT,
        Kind::Limited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self {
            status,
            fault,
            standing,
        } = self;
        if fault.kind() == Kind::Internal {
            tracing::error!(%fault, "a request failed");
        } else {
            tracing::debug!(%fault, "a request was refused");
        }
        let document = Document {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("error"),
            status: status.as_u16(),
            detail: fault.detail(),
            code: fault.reason(),
            retry_after_ms: fault.wait().map(|wait| wait.as_millis()),
            trace_id: trace::trace_id(),
        };
        let mut response = (status, Json(document)).into_response();
        response.extensions_mut().insert(Refused(fault.clone()));
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(wait) = fault.wait() {
            // Whole seconds, rounded up: coming back early would be refused again.
            headers.insert(
                RETRY_AFTER,
                HeaderValue::from(wait.as_millis().div_ceil(1_000) as u64),
            );
        }
        if let Some(standing) = standing {
            limit::show(headers, &standing);
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
