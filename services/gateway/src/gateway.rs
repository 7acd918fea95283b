//! Everything that a request or an event may need, in one place.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use confab_bus::{Publisher, Subscriber, Topic};
use confab_chassis::CancellationToken;
use confab_proto::event::Event;
use futures_util::FutureExt as _;
use tokio_util::task::TaskTracker;

use crate::admission::Admission;
use crate::block::Blocks;
use crate::clients::Clients;
use crate::cookie::CookieRules;
use crate::error::Error;
use crate::fanout::{Connections, People, Rooms, Watchers};
use crate::issuer::Issuers;
use crate::media::MediaRoom;
use crate::presence::tell::Untold;
use crate::principal::Principal;
use crate::profile::Profiles;
use crate::rate_limit::{RateLimits, TrustedProxies};
use crate::token::Verifier;
use crate::transport::Cords;
use crate::unpublished::Unpublished;

/// One gateway replica.
pub struct Gateway {
    /// Its name among the gateways, new for each process.
    pub id: String,
    /// When it started.
    pub since: SystemTime,
    /// The other services.
    pub clients: Clients,
    /// Who may be made ready now.
    pub admission: Admission,
    /// Who may do how much.
    pub limits: RateLimits,
    /// Whose word is taken on where requests come from.
    pub proxies: TrustedProxies,
    /// Who may come in.
    pub verifier: Verifier,
    /// Who may come in because others vouch for them.
    pub issuers: Issuers,
    /// How users show.
    pub profiles: Profiles,
    /// Who blocks whom.
    pub blocks: Blocks,
    /// The cookie of refresh tokens.
    pub cookie: CookieRules,
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
    /// What is under way for clients; waited for at the end.
    pub tasks: TaskTracker,
    /// What Redis did not take.
    pub unpublished: Arc<Unpublished>,
    /// What could not be told to presence yet.
    pub untold: Untold,
    /// The end of the WebSockets that are handed on to other gateways.
    pub tunnels: CancellationToken,
    /// Uploads.
    pub media: MediaRoom,
}

/// How often an event for one user is tried: nobody else finds out about a new room by themselves.
const ATTEMPTS: u32 = 8;
/// The first pause between two attempts; each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

impl Gateway {
    /// Who a token speaks for, be it ours or of an issuer elsewhere that the operator trusts.
    pub async fn verify_any(&self, token: &str) -> Result<Principal, Error> {
        match self.issuers.verify(&self.clients.auth, token).await {
            Some(principal) => principal,
            None => self.verifier.verify(token).await,
        }
    }

    /// Says something on a topic, in the background: the truth is in the store already, and who does
    /// not hear of it now finds it there. What is said one after the other is heard so: a typist who
    /// stops must not be heard before they begin.
    pub fn announce(&self, topic: Topic, event: &Event) {
        let (publisher, payload) = (self.publisher.clone(), self.publisher.encode(event));
        let unpublished = self.unpublished.clone();
        let publishing = async move {
            // A hole in a room is found and filled; a room that nobody heard of is not.
            let attempts = if matches!(topic, Topic::User(_)) {
                ATTEMPTS
            } else {
                1
            };
            let mut pause = FIRST_PAUSE;
            for attempt in 1..=attempts {
                match publisher.publish_encoded(topic, payload.clone()).await {
                    Ok(()) => return,
                    Err(error) => {
                        if let Some(events) = unpublished.count() {
                            tracing::warn!(%topic, %error, attempt, events, "events could not be published");
                        }
                    }
                }
                if attempt < attempts {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
            }
        };
        // Begun here, where the order is known: tasks begin in any. The command is on its way with that.
        let mut publishing = Box::pin(publishing);
        if publishing.as_mut().now_or_never().is_none() {
            self.tasks.spawn(publishing);
        }
    }
}
