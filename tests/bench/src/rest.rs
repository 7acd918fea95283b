//! The few REST calls that prepare a run: JSON in, JSON out, each with a deadline.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::time::Duration;

/// Two thousand sign-ups queue up behind a bounded password hasher.
const DEADLINE: Duration = Duration::from_secs(60);
/// A room of a thousand members is described in a tenth of this.
const LARGEST_ANSWER: usize = 1_000_000;

#[derive(Clone)]
pub struct Rest(Client<HttpConnector, Full<Bytes>>);

impl Rest {
    pub fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    /// Posts to `http://HOST/PATH` and answers what came back with 200 or 201.
    pub async fn post(&self, url: &str, token: Option<&str>, body: &Value) -> Result<Value> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(url)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::from(serde_json::to_vec(body)?)))?;
        tokio::time::timeout(DEADLINE, self.answer(request))
            .await
            .with_context(|| format!("no answer within {DEADLINE:?}"))
            .flatten()
            .with_context(|| format!("POST {url}"))
    }

    async fn answer(&self, request: Request<Full<Bytes>>) -> Result<Value> {
        let answer = self.0.request(request).await?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LARGEST_ANSWER)
            .collect()
            .await
            .map_err(|error| anyhow::anyhow!("the answer cannot be read: {error}"))?
            .to_bytes();
        ensure!(
            status.is_success(),
            "answered {status}: {}",
            String::from_utf8_lossy(&body)
        );
        serde_json::from_slice(&body).context("the answer is not JSON")
    }
}
