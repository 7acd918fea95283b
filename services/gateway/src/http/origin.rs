//! Where each request came from, found out once, before anything is done with it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::gateway::Gateway;
use crate::rate_limit::ClientAddress;
use crate::transport::Cord;

/// Notes the client's address with the request. It stays there as long as the request is of interest,
/// which for a socket is longer than the TCP connection that it began on.
pub async fn origin(
    State(gateway): State<Arc<Gateway>>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = client(&gateway, &request);
    request.extensions_mut().insert(address);
    next.run(request).await
}

fn client(gateway: &Gateway, request: &Request) -> ClientAddress {
    let connection = request.extensions().get::<ConnectInfo<Cord>>();
    // A connection that is gone by now: nobody reads the answer.
    let peer = connection
        .and_then(|ConnectInfo(cord)| cord.peer())
        .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    // The likeliest mistake of an operator, and the dearest. Once, because a client may write the header too.
    if gateway.proxies.contradicts_first(peer, request.headers()) {
        tracing::warn!(
            %peer,
            "a request says that it was forwarded, by a peer that is not in TRUSTED_PROXIES: if that is a \
             proxy, all its clients are limited as one"
        );
    }
    gateway.proxies.client(peer, request.headers())
}
