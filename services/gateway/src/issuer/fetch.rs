//! Reading a small JSON document from the web, within bounds.

use std::time::Duration;

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::de::DeserializeOwned;
use url::Url;

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How large it may be, in bytes: a set of keys has a few thousand.
const LARGEST: usize = 256 << 10;

/// Reads documents. Clones share connections.
#[derive(Clone)]
pub struct Fetcher(Client<HttpsConnector<HttpConnector>, Empty<Bytes>>);

impl Fetcher {
    /// A fetcher that trusts the certificates that browsers trust.
    pub fn new() -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .expect("ring speaks the usual versions of TLS")
            .https_or_http()
            .enable_http1()
            .build();
        Self(Client::builder(TokioExecutor::new()).build(connector))
    }

    /// The document at a URL. Redirects are not followed: the operator names the place.
    pub async fn json<T: DeserializeOwned>(&self, url: &Url) -> Result<T, String> {
        let get = async {
            let uri = url.as_str().parse().map_err(|error| format!("{error}"))?;
            let answer = self.0.get(uri).await.map_err(|error| format!("{error}"))?;
            if !answer.status().is_success() {
                return Err(format!("it answers {}", answer.status()));
            }
            let body = Limited::new(answer.into_body(), LARGEST).collect();
            let body = body.await.map_err(|error| format!("{error}"))?.to_bytes();
            serde_json::from_slice(&body).map_err(|error| format!("{error}"))
        };
        let got = tokio::time::timeout(PATIENCE, get).await;
        got.unwrap_or_else(|_| Err(format!("it does not answer within {PATIENCE:?}")))
    }
}
