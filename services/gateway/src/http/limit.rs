//! Rate limits of REST: each request is charged to its address, and each answer says how much is left.
//!
//! The headers are those of the IETF's draft in its sixth version (`RateLimit-Limit`, `-Remaining`,
//! `-Reset`, `-Policy`), which is what clients and gateways understand; later versions are still moving.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use confab_limit::gcra::Standing;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::problem::Problem;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::rate_limit::{Budget, ClientAddress, Subject};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What pages elsewhere may read of an answer.
pub const EXPOSED: [HeaderName; 4] = [LIMIT, REMAINING, RESET, POLICY];

/// Charges a request to the address that it came from, before anything else is done for it.
pub async fn limit(State(gateway): State<Arc<Gateway>>, request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    // A route that is none counts, too.
    let route = extensions.get::<MatchedPath>();
    let route = route.map_or(request.uri().path(), MatchedPath::as_str);
    let budgets = Budget::of_request(route);
    let Some(address) = extensions.get::<ClientAddress>().copied() else {
        return next.run(request).await;
    };
    match gateway
        .limits
        .charge(Subject::Address(address), budgets)
        .await
    {
        Ok(standing) => {
            let mut response = next.run(request).await;
            let headers = response.headers_mut();
            // What refused the request inside says more than what let it in.
            if let Some(standing) = standing.filter(|_| !headers.contains_key(LIMIT)) {
                show(headers, &standing);
            }
            response
        }
        Err(exhausted) => Problem::from(Error::from(exhausted)).into_response(),
    }
}

/// Says how a budget stands; times are whole seconds, rounded up.
pub fn show(headers: &mut HeaderMap, standing: &Standing) {
    let quota = standing.quota;
    let seconds = |time: std::time::Duration| time.as_millis().div_ceil(1_000);
    let policy = format!("{};w={}", quota.count(), seconds(quota.period()));
    headers.insert(LIMIT, HeaderValue::from(quota.count()));
    headers.insert(REMAINING, HeaderValue::from(standing.remaining));
    let reset = u64::try_from(seconds(standing.reset)).unwrap_or(u64::MAX);
    headers.insert(RESET, HeaderValue::from(reset));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(POLICY, policy);
    }
}
