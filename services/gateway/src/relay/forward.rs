//! Handing a polling request on, and its answer back.

use std::time::Duration;

use anyhow::Context as _;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header::{CONNECTION, HOST, HeaderName, TE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

/// How long a replica may take to accept a connection.
pub const CONNECT: Duration = Duration::from_secs(1);

/// A pool of connections to the other gateways.
#[derive(Clone)]
pub struct Forwarder {
    client: Client<HttpConnector, Body>,
    limit: Duration,
}

impl Forwarder {
    /// A pool whose requests may be open for `limit`: a poll is held until there is something to say.
    pub fn new(limit: Duration) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .build(connector);
        Self { client, limit }
    }

    /// Sends the request to the gateway at `url` and answers what it answers.
    pub async fn forward(&self, url: &str, mut request: Request) -> anyhow::Result<Response> {
        *request.uri_mut() = at(url, request.uri())?;
        strip(request.headers_mut());
        let answer = tokio::time::timeout(self.limit, self.client.request(request))
            .await
            .context("it took too long")??;
        let mut answer = answer.map(Body::new);
        strip(answer.headers_mut());
        Ok(answer)
    }
}

/// The same path and query at another gateway.
pub fn at(url: &str, uri: &Uri) -> anyhow::Result<Uri> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    format!("{}{path}", url.trim_end_matches('/'))
        .parse()
        .context("not an address")
}

/// Takes away what belongs to one connection and not to the message (RFC 9110, section 7.6.1).
fn strip(headers: &mut HeaderMap) {
    let named: Vec<_> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|names| {
            names
                .split(',')
                .filter_map(|name| name.trim().parse::<HeaderName>().ok())
        })
        .collect();
    for name in named
        .into_iter()
        .chain([CONNECTION, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE])
    {
        headers.remove(name);
    }
    headers.remove("keep-alive");
}
