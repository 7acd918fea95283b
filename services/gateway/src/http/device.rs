//! From where somebody speaks, for the list of their sessions.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use confab_proto::auth;
use http::header::USER_AGENT;
use http::request::Parts;

use crate::transport::Cord;

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
        let address = forwarded_for(parts).or_else(|| peer(parts));
        Ok(Self(auth::Device {
            user_agent: String::from_utf8_lossy(user_agent).into_owned(),
            address: address
                .map(|address| address.to_string())
                .unwrap_or_default(),
        }))
    }
}

/// What the nearest proxy added; those before it are what the client claims.
fn forwarded_for(parts: &Parts) -> Option<IpAddr> {
    let last = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

fn peer(parts: &Parts) -> Option<IpAddr> {
    let ConnectInfo(cord) = parts.extensions.get::<ConnectInfo<Cord>>()?;
    cord.peer()
}
