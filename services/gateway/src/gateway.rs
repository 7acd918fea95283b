//! Everything that a request or an event may need, in one place.

use std::time::{Duration, SystemTime};

use confab_bus::{Publisher, Subscriber, Topic};
use confab_proto::event::Event;

use crate::clients::Clients;
use crate::fanout::{Connections, People, Rooms, Watchers};
use crate::profile::Profiles;
use crate::token::Verifier;
use crate::transport::Cords;

/// One gateway replica.
pub struct Gateway {
    /// Its name among the gateways, new for each process.
    pub id: String,
    /// When it started.
    pub since: SystemTime,
    /// The other services.
    pub clients: Clients,
    /// Who may come in.
    pub verifier: Verifier,
    /// How users show.
    pub profiles: Profiles,
    /// The topics it holds.
    pub subscriber: Subscriber,
    /// Its sockets.
    pub connections: Connections,
    /// The streams of rooms.
    pub rooms: Rooms,
    /// The sockets of each user.
    pub people: People,
    /// Who watches whom.
    pub watchers: Watchers,
    /// How to cut a socket's transport.
    pub cords: Cords,
    /// How events get out.
    pub publisher: Publisher,
    /// How long a polling request may be open.
    pub poll_limit: Duration,
}

impl Gateway {
    /// Says something on a topic, in the background: the truth is in the store already, and who does
    /// not hear of it now finds it there.
    pub fn announce(&self, topic: Topic, event: Event) {
        let publisher = self.publisher.clone();
        tokio::spawn(async move {
            if let Err(error) = publisher.publish(topic, &event).await {
                tracing::warn!(%topic, %error, "an event could not be published");
            }
        });
    }
}
