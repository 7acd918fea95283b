//! Saying something on a topic.

use std::sync::Arc;

use bytes::Bytes;
use confab_proto::event::Event;
use confab_redis::Link;
use fred::error::Error;
use fred::interfaces::PubsubInterface as _;

use crate::topic::channel_prefix;
use crate::{BusError, Topic, payload};

/// Publishes events. Clones share one connection.
#[derive(Clone)]
pub struct Publisher {
    link: Link,
    prefix: Arc<str>,
    origin: u64,
}

impl Publisher {
    /// Connects to Redis; every channel's name begins with `prefix`.
    ///
    /// # Errors
    /// If the URL is wrong or Redis cannot be reached now; later outages are waited out.
    pub async fn connect(url: &str, prefix: &str) -> Result<Self, BusError> {
        Ok(Self {
            link: Link::connect(url).await?,
            prefix: channel_prefix(prefix).into(),
            origin: rand::random(),
        })
    }

    /// Publishes an event to whoever listens now. Takes a second at most.
    ///
    /// # Errors
    /// If Redis did not take it: nobody heard it then, or nobody knows.
    pub async fn publish(&self, topic: Topic, event: &Event) -> Result<(), BusError> {
        self.publish_encoded(topic, self.encode(event)).await
    }

    /// An event as this publisher says it.
    #[must_use]
    pub fn encode(&self, event: &Event) -> Bytes {
        payload::encode(self.origin, event)
    }

    /// Publishes an event that is [encoded](Self::encode) already.
    ///
    /// # Errors
    /// As [`Self::publish`].
    pub async fn publish_encoded(&self, topic: Topic, payload: Bytes) -> Result<(), BusError> {
        let channel = format!("{}{topic}", self.prefix);
        let published = self.spublish(channel, payload).await;
        self.link.ended(&published);
        let outcome = if published.is_ok() {
            "published"
        } else {
            "failed"
        };
        metrics::counter!("confab_bus_published_events_total", "outcome" => outcome).increment(1);
        published?;
        Ok(())
    }

    async fn spublish(&self, channel: String, payload: Bytes) -> Result<i64, Error> {
        self.link.client()?.spublish(channel, payload).await
    }

    /// Who this publisher is, to those who hear it.
    #[must_use]
    pub const fn origin(&self) -> u64 {
        self.origin
    }

    /// Closes the connection, after what was published before.
    pub async fn close(&self) {
        self.link.close().await;
    }
}
