//! Those who watch a user: gateways that hold the topic `presence:<user>`.

use confab_bus::{BusError, Publisher, Topic};
use confab_chassis::trace;
use confab_proto::event::{Event, PresenceChanged, event};

use crate::edge::{Direction, Edge};

/// Everybody who watches anybody.
#[derive(Clone)]
pub struct Watchers(Publisher);

impl Watchers {
    pub async fn connect(url: &str, prefix: &str) -> Result<Self, BusError> {
        Ok(Self(Publisher::connect(url, prefix).await?))
    }

    /// Tells those who watch this user. Takes a second at most.
    pub async fn tell(&self, edge: Edge) -> Result<(), BusError> {
        let changed = PresenceChanged {
            user_id: edge.user.to_string(),
            online: edge.direction == Direction::Online,
            last_seen_at_ms: edge.last_seen_at_ms(),
            version: edge.version,
        };
        let event = Event {
            traceparent: trace::traceparent(),
            body: Some(event::Body::PresenceChanged(changed)),
            ..Event::default()
        };
        self.0.publish(Topic::Presence(edge.user), &event).await
    }

    pub async fn close(&self) {
        self.0.close().await;
    }
}
