//! The connections of presence to Redis.

use std::sync::atomic::{AtomicUsize, Ordering};

use confab_redis::Link;
use fred::error::Error;
use futures_util::future::join_all;

/// Commands are pipelined, so one connection carries many callers; the second one is there so that a
/// sweep's larger answers do not queue before a socket's.
const CONNECTIONS: usize = 2;

/// The connections to one Redis; they end with this value.
pub struct Links {
    links: Vec<Link>,
    turn: AtomicUsize,
}

impl Links {
    /// Connects, or says why not; later outages are waited out.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let mut links = Vec::new();
        for _ in 0..CONNECTIONS {
            links.push(Link::connect(url).await?);
        }
        Ok(Self {
            links,
            turn: AtomicUsize::new(0),
        })
    }

    /// The connection in the best health, each in turn among equals.
    pub fn best(&self) -> &Link {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let others = (1..CONNECTIONS).map(|step| &self.links[(turn + step) % CONNECTIONS]);
        others.fold(&self.links[turn % CONNECTIONS], |best, other| {
            if other.health() < best.health() {
                other
            } else {
                best
            }
        })
    }

    /// Closes the connections after what was sent before; gives up after a second.
    pub async fn close(&self) {
        join_all(self.links.iter().map(Link::close)).await;
    }
}
