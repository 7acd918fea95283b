//! From where somebody speaks, for the list of their sessions.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use confab_proto::auth;
use http::header::USER_AGENT;
use http::request::Parts;

use crate::rate_limit::ClientAddress;

/// The longest `User-Agent` that is handed on, in bytes; auth keeps less.
const LONGEST: usize = 1_024;

/// What a request says of where it comes from.
pub struct Device(pub auth::Device);

impl<S: Send + Sync> FromRequestParts<S> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let user_agent = parts.headers.get(USER_AGENT).map(|value| value.as_bytes());
        let user_agent = user_agent.unwrap_or_default();
        let user_agent = &user_agent[..user_agent.len().min(LONGEST)];
        let address = parts.extensions.get::<ClientAddress>();
        Ok(Self(auth::Device {
            user_agent: String::from_utf8_lossy(user_agent).into_owned(),
            address: address
                .map(|address| address.0.to_string())
                .unwrap_or_default(),
        }))
    }
}
