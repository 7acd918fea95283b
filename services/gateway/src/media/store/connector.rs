//! The library's requests to S3, over the HTTP client that the gateway has anyway.

use std::fmt;
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::connect::{Connect, HttpConnector as Tcp};
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::TokioExecutor;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
    HttpResponse, HttpResponseBody, HttpService,
};

/// As to other machines of ours.
const CONNECT: Duration = Duration::from_secs(3);
/// Below the time after which servers close a connection that nobody uses.
const IDLE: Duration = Duration::from_secs(15);

/// Makes clients: with TLS, or for a store beside us that needs none, and no root certificates either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connector {
    Plain,
    Secure,
}

impl HttpConnector for Connector {
    /// What the options say of time is not looked at: each operation has a deadline of its own.
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let mut tcp = Tcp::new();
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT));
        if *self == Self::Plain {
            return Ok(client(tcp));
        }
        tcp.enforce_http(false);
        let roots = HttpsConnectorBuilder::new().with_native_roots();
        let roots = roots.map_err(|error| object_store::Error::Generic {
            store: "S3",
            source: Box::new(error),
        })?;
        // The role of a machine is asked for over plain HTTP, on the machine itself.
        Ok(client(
            roots.https_or_http().enable_http1().wrap_connector(tcp),
        ))
    }
}

fn client<C: Connect + Clone + Send + Sync + 'static>(connector: C) -> HttpClient {
    let mut builder = Client::builder(TokioExecutor::new());
    HttpClient::new(Requests(builder.pool_idle_timeout(IDLE).build(connector)))
}

struct Requests<C>(Client<C, HttpRequestBody>);

impl<C> fmt::Debug for Requests<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requests")
    }
}

#[tonic::async_trait]
impl<C: Connect + Clone + Send + Sync + 'static> HttpService for Requests<C> {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = self.0.request(request).await.map_err(broken)?;
        let interrupted = |error| HttpError::new(HttpErrorKind::Interrupted, error);
        Ok(answer.map(|body| HttpResponseBody::new(body.map_err(interrupted))))
    }
}

/// What is worth another attempt: without an answer, nobody knows whether it was done, and all that is
/// asked for here can be done twice.
fn broken(error: Error) -> HttpError {
    let kind = if error.is_connect() {
        HttpErrorKind::Connect
    } else {
        HttpErrorKind::Request
    };
    HttpError::new(kind, error)
}
