//! Any balancer: a request for an Engine.IO session that another replica holds is handed on to it.
//!
//! The session id that a polling client is given carries the gateway's name: `<gateway>.<session>`. The
//! balancer may send the client's next request anywhere; the name says where it belongs. The Engine.IO
//! library sees only its own part of the id.

mod forward;
mod session_id;
mod tunnel;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, UPGRADE};
use http::{HeaderValue, Method, StatusCode};

use self::forward::Forwarder;
use self::session_id::SessionName;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::http::Problem;
use crate::presence::lease::Lease;
use crate::rate_limit::{Budget, ClientAddress, Opening, Subject};
use crate::transport::Cord;

/// Where the Socket.IO clients knock.
const PATH: &str = "/socket.io";
/// An open packet has about 120 bytes.
const OPEN_PACKET: usize = 4_096;
/// Marks a request that was handed on already: it is not handed on again.
const RELAYED: &str = "x-confab-relayed-by";

/// Hands requests on.
#[derive(Clone)]
pub struct Relay {
    gateway: Arc<Gateway>,
    lease: Lease,
    forwarder: Forwarder,
}

impl Relay {
    /// A relay among the gateways that `lease` knows.
    pub fn new(gateway: Arc<Gateway>, lease: Lease) -> Self {
        let forwarder = Forwarder::new(gateway.poll_limit);
        Self {
            gateway,
            lease,
            forwarder,
        }
    }
}

/// Stands before the Engine.IO library: names the sessions that it opens, unnames those it holds, and
/// hands on the rest.
pub async fn relay(State(relay): State<Relay>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(PATH) {
        return next.run(request).await;
    }
    match SessionName::of(request.uri()) {
        None => relay.open(request, next).await,
        Some(name) if name.gateway == relay.lease.gateway_id() => {
            relay.serve(name, request, next).await
        }
        Some(_) if request.headers().contains_key(RELAYED) => unknown_session(),
        Some(name) => match relay.lease.relay_url(&name.gateway).await {
            Some(url) => relay.hand_on(&url, request).await,
            None => unknown_session(),
        },
    }
}

impl Relay {
    /// A new session: it is counted, and its name goes into the answer. Refused here and not by
    /// Socket.IO, because it costs nothing yet, and because a stock client comes back by itself after a
    /// connection that failed, and not after one that was refused in words.
    async fn open(&self, mut request: Request, next: Next) -> Response {
        // First: this costs nothing at all.
        if let Err(fault) = self.gateway.admission.knock() {
            return Problem::from(fault).into_response();
        }
        if let Some(address) = request.extensions().get::<ClientAddress>().copied() {
            let subject = Subject::Address(address);
            let charged = self.gateway.limits.charge(subject, &[Budget::Handshakes]);
            if let Err(exhausted) = charged.await {
                return Problem::from(Error::from(exhausted)).into_response();
            }
            request.extensions_mut().insert(Opening::paid(address));
        }
        let polling = request.method() == Method::GET && !is_websocket(&request);
        let response = next.run(request).await;
        if !polling || response.status() != StatusCode::OK {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        let Ok(packet) = axum::body::to_bytes(body, OPEN_PACKET).await else {
            return unknown_session();
        };
        let packet = session_id::name(&packet, self.lease.gateway_id()).unwrap_or(packet);
        parts
            .headers
            .insert(CONTENT_LENGTH, HeaderValue::from(packet.len()));
        Response::from_parts(parts, Body::from(packet))
    }

    /// A session of this gateway.
    async fn serve(&self, name: SessionName, mut request: Request, next: Next) -> Response {
        if self.gateway.cords.is_severed(&name.session) {
            return unknown_session();
        }
        if is_websocket(&request)
            && let Some(ConnectInfo(cord)) = request.extensions().get::<ConnectInfo<Cord>>()
        {
            self.gateway.cords.upgraded(&name.session, cord.clone());
        }
        match name.unnamed(request.uri()) {
            Some(uri) => *request.uri_mut() = uri,
            None => return unknown_session(),
        }
        next.run(request).await
    }

    /// A session of another gateway.
    async fn hand_on(&self, url: &str, mut request: Request) -> Response {
        let by = HeaderValue::from_str(self.lease.gateway_id());
        request
            .headers_mut()
            .insert(RELAYED, by.expect("a gateway's id is alphanumeric"));
        let (kind, outcome) = if is_websocket(&request) {
            (
                "websocket",
                tunnel::tunnel(url, request, self.gateway.tunnels.clone()).await,
            )
        } else {
            ("polling", self.forwarder.forward(url, request).await)
        };
        metrics::counter!("confab_gateway_relayed_requests_total", "kind" => kind, "ok" => outcome.is_ok().to_string())
            .increment(1);
        outcome.unwrap_or_else(|error| {
            tracing::debug!(url, kind, %error, "the replica that holds the session does not answer");
            unknown_session()
        })
    }
}

/// Other protocols that a client offers to change to (`h2c`) are not ours.
fn is_websocket(request: &Request) -> bool {
    let offered = request
        .headers()
        .get(UPGRADE)
        .and_then(|value| value.to_str().ok());
    offered.is_some_and(|protocol| protocol.eq_ignore_ascii_case("websocket"))
}

/// What Engine.IO says of a session that nobody holds: the client opens a new one then.
fn unknown_session() -> Response {
    const BODY: Bytes = Bytes::from_static(br#"{"code":1,"message":"Session ID unknown"}"#);
    (
        StatusCode::BAD_REQUEST,
        [(CONTENT_TYPE, "application/json")],
        BODY,
    )
        .into_response()
}
