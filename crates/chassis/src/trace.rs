//! The W3C trace context, carried by hand where no library carries it: over the bus, into answers.

use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: &str = "traceparent";

struct One(Option<String>);

impl Injector for One {
    fn set(&mut self, key: &str, value: String) {
        if key == TRACEPARENT {
            self.0 = Some(value);
        }
    }
}

struct Given<'a>(&'a str);

impl Extractor for Given<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == TRACEPARENT).then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

/// The current span as a `traceparent` header; empty outside any span.
#[must_use]
pub fn traceparent() -> String {
    let mut carrier = One(None);
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.0.unwrap_or_default()
}

/// Makes `span` a child of the remote span that a `traceparent` names. An empty or malformed one is
/// ignored: the span then begins a trace of its own.
pub fn adopt(span: &Span, traceparent: &str) {
    if traceparent.is_empty() {
        return;
    }
    let parent = TraceContextPropagator::new().extract(&Given(traceparent));
    // Fails only if the span is not recorded by OpenTelemetry, and then there is nothing to link.
    let _ = span.set_parent(parent);
}

/// The current trace's id as 32 hex digits, to be quoted to people; empty outside any span.
#[must_use]
pub fn trace_id() -> String {
    let context = Span::current().context();
    let span = context.span().span_context().clone();
    if span.is_valid() {
        span.trace_id().to_string()
    } else {
        String::new()
    }
}
