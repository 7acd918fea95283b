//! What happens around each call that a server answers: the caller's trace goes on, and it is counted.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower::{Layer, Service};
use tracing::Span;
use tracing::instrument::Instrumented;
use tracing::{Instrument as _, field};

use crate::trace;

/// There is no such method.
const UNIMPLEMENTED: i32 = 12;

/// Wraps a service in [`CallService`].
#[derive(Clone, Copy)]
pub struct CallLayer;

impl<S> Layer<S> for CallLayer {
    type Service = CallService<S>;

    fn layer(&self, inner: S) -> CallService<S> {
        CallService { inner }
    }
}

/// One span and one metric per call.
#[derive(Clone)]
pub struct CallService<S> {
    inner: S,
}

impl<S, B, R> Service<Request<B>> for CallService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = CallFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let method = request.uri().path().trim_start_matches('/').to_owned();
        // Probes and reflection would drown the traces of what people do.
        let span = if method.starts_with("grpc.") {
            Span::none()
        } else {
            let span = tracing::info_span!(
                target: "confab", "rpc", otel.name = method, otel.kind = "server",
                rpc.system = "grpc", rpc.grpc.status_code = field::Empty,
            );
            let parent = request
                .headers()
                .get("traceparent")
                .and_then(|value| value.to_str().ok());
            trace::adopt(&span, parent.unwrap_or_default());
            span
        };
        let started = Instant::now();
        let inner = self.inner.call(request).instrument(span);
        CallFuture {
            inner,
            started,
            method,
        }
    }
}

pin_project! {
    /// The answer to a call, which is counted when it is there.
    pub struct CallFuture<F> {
        #[pin]
        inner: Instrumented<F>,
        started: Instant,
        method: String,
    }
}

impl<F, R, E> Future for CallFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let answer = std::task::ready!(this.inner.as_mut().poll(context));
        // An error before the body stands in the headers; one after it, in trailers that nobody reads
        // here. Unary calls, all of ours, fail before the body.
        let code = match &answer {
            Ok(response) => response
                .headers()
                .get("grpc-status")
                .and_then(|value| value.to_str().ok())
                .and_then(|text| text.parse().ok())
                .unwrap_or(0_i32),
            Err(_) => 2,
        };
        this.inner.span().record("rpc.grpc.status_code", code);
        let method = std::mem::take(this.method);
        // A stranger's inventions must not become label values.
        let method = if code == UNIMPLEMENTED {
            "unknown".to_owned()
        } else {
            method
        };
        metrics::histogram!("confab_rpc_duration_seconds", "method" => method, "code" => code.to_string())
            .record(this.started.elapsed().as_secs_f64());
        Poll::Ready(answer)
    }
}
