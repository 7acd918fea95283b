//! Hearing what is said on the topics that are held here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use confab_proto::event::Event;
use confab_redis::{Health, Link};
use fred::clients::Client;
use fred::error::Error;
use fred::interfaces::{EventInterface as _, PubsubInterface as _};
use fred::types::Message;
use fred::types::config::Server;
use futures_util::future::try_join_all;
use parking_lot::Mutex;
use prost::Message as _;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::holds::Holds;
use crate::topic::channel_prefix;
use crate::{BusError, Topic, payload};

/// How many channels are subscribed at once: enough that thousands take a few round trips.
const SIDE_BY_SIDE: usize = 500;
/// How often to look whether slots of a cluster have moved, which ends what was subscribed there.
const LOOK: Duration = Duration::from_secs(2);
/// How soon a refused subscription is tried again.
const RETRY: Duration = Duration::from_millis(200);

/// Holds topics. Clones share one connection.
#[derive(Clone)]
pub struct Subscriber(Arc<Inner>);

struct Inner {
    link: Link,
    prefix: String,
    holds: Mutex<Holds>,
    changed: Notify,
    /// Somebody went on without a confirmation.
    late: AtomicBool,
    closed: CancellationToken,
    missed: Arc<Notify>,
}

/// What the bus has to say.
#[derive(Debug)]
pub enum Delivery {
    /// An event on a topic that is held, or was a moment ago.
    Event(Topic, Box<Event>),
    /// Events may have been lost, on any topic: the connection broke and is back, slots of a cluster have
    /// moved, a topic was confirmed late, or this process was too slow. Whoever needs every event has to
    /// look elsewhere.
    Missed,
}

/// The stream of what the bus has to say, for one reader.
pub struct Deliveries {
    deaf_to: Option<u64>,
    clients: watch::Receiver<Client>,
    messages: broadcast::Receiver<Message>,
    missed: Arc<Notify>,
    prefix: String,
}

/// Somebody here needs a topic; dropping it says that they no longer do.
pub struct Hold {
    topic: Topic,
    confirmed: watch::Receiver<bool>,
    inner: Arc<Inner>,
}

impl Subscriber {
    /// Connects to Redis; every channel's name begins with `prefix`.
    ///
    /// # Errors
    /// If the URL is wrong or Redis cannot be reached now; later outages are waited out.
    pub async fn connect(url: &str, prefix: &str) -> Result<(Self, Deliveries), BusError> {
        let link = Link::connect(url).await?;
        let prefix = channel_prefix(prefix);
        let missed = Arc::new(Notify::new());
        let mut clients = link.clients();
        let messages = clients.borrow_and_update().message_rx();
        let deliveries = Deliveries {
            deaf_to: None,
            clients,
            messages,
            missed: missed.clone(),
            prefix: prefix.clone(),
        };
        let inner = Arc::new(Inner {
            link,
            prefix,
            holds: Mutex::default(),
            changed: Notify::new(),
            late: AtomicBool::new(false),
            closed: CancellationToken::new(),
            missed,
        });
        tokio::spawn(follow(inner.clone()));
        Ok((Self(inner), deliveries))
    }

    /// Holds a topic until the hold is dropped.
    #[must_use]
    pub fn hold(&self, topic: Topic) -> Hold {
        let (tell, confirmed) = self.0.holds.lock().add(topic);
        if tell {
            self.0.changed.notify_one();
        }
        Hold {
            topic,
            confirmed,
            inner: self.0.clone(),
        }
    }

    /// How many topics are held.
    #[must_use]
    pub fn topics(&self) -> usize {
        self.0.holds.lock().len()
    }

    /// Closes the connection.
    pub async fn close(&self) {
        self.0.closed.cancel();
        self.0.link.close().await;
    }
}

impl Hold {
    /// Waits until Redis has confirmed that it listens: what is published from then on arrives.
    /// Answers false if that took longer than `limit`; it is tried further all the same, and
    /// [`Delivery::Missed`] follows if it succeeds late.
    pub async fn confirmed(&self, limit: Duration) -> bool {
        let mut confirmed = self.confirmed.clone();
        let confirmation = confirmed.wait_for(|confirmed| *confirmed);
        let in_time = matches!(tokio::time::timeout(limit, confirmation).await, Ok(Ok(_)));
        if !in_time {
            self.inner.late.store(true, Ordering::Release);
            self.inner.changed.notify_one();
        }
        in_time
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if self.inner.holds.lock().remove(self.topic) {
            self.inner.changed.notify_one();
        }
    }
}

impl Deliveries {
    /// The same stream without what was said about rooms by one [origin](crate::Publisher::origin):
    /// whoever said it knows it.
    #[must_use]
    pub fn deaf_to(mut self, origin: u64) -> Self {
        self.deaf_to = Some(origin);
        self
    }

    /// The next thing the bus has to say; `None` when it is closed. Cancel-safe.
    pub async fn next(&mut self) -> Option<Delivery> {
        loop {
            tokio::select! {
                biased;
                () = self.missed.notified() => {
                    // What a new client hears before it is listened to is among what was missed.
                    if self.clients.has_changed().is_ok_and(|changed| changed) {
                        self.listen_to_newest();
                    }
                    return Some(Delivery::Missed);
                }
                changed = self.clients.changed() => {
                    changed.ok()?;
                    self.listen_to_newest();
                }
                message = self.messages.recv() => match message {
                    Ok(message) => {
                        if let Some(delivery) = self.read(&message) {
                            return Some(delivery);
                        }
                    }
                    Err(RecvError::Lagged(events)) => {
                        metrics::counter!("confab_bus_overrun_events_total").increment(events);
                        tracing::warn!(events, "too slow for the bus, events were dropped");
                        return Some(Delivery::Missed);
                    }
                    // Of a client that was closed, or given up with what it had not said.
                    Err(RecvError::Closed) => {
                        self.clients.changed().await.ok()?;
                        self.listen_to_newest();
                    }
                },
            }
        }
    }

    /// Listens to the client of now; what the one before still had to say is lost. That this may be so is
    /// said when the new one has subscribed.
    fn listen_to_newest(&mut self) {
        self.messages = self.clients.borrow_and_update().message_rx();
    }

    /// What cannot be read is reported and passed over: it comes from another prefix or version.
    fn read(&self, message: &Message) -> Option<Delivery> {
        let topic: Topic = message
            .channel
            .strip_prefix(self.prefix.as_str())?
            .parse()
            .ok()?;
        let Some(payload) = message.value.as_bytes() else {
            tracing::warn!(%topic, "an event without bytes");
            return None;
        };
        if matches!(topic, Topic::Room(_))
            && self
                .deaf_to
                .is_some_and(|own| payload::origin(payload) == Some(own))
        {
            return None;
        }
        match Event::decode(payload) {
            Ok(event) => Some(Delivery::Event(topic, Box::new(event))),
            Err(error) => {
                tracing::warn!(%topic, %error, "an event that cannot be read");
                None
            }
        }
    }
}

/// Keeps Redis' subscriptions as the holds want them, until the subscriber is closed.
async fn follow(inner: Arc<Inner>) {
    let mut clients = inner.link.clients();
    let mut reconnected = clients.borrow_and_update().reconnect_rx();
    let clustered = inner.link.is_clustered();
    let mut slots = inner.link.slots().await;
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Topics are to be subscribed; it is to be said then that something may have been missed.
    let (mut behind, mut missed) = (false, false);
    loop {
        let retry = match inner.link.health() {
            // Somebody will say when it is back.
            Health::Away => LOOK,
            Health::Answers | Health::Silent => RETRY,
        };
        tokio::select! {
            () = inner.closed.cancelled() => return,
            () = inner.changed.notified() => {}
            () = tokio::time::sleep(retry), if behind => {}
            _ = look.tick(), if clustered => {
                let now = inner.link.slots().await;
                if now.is_none() || now == slots {
                    continue;
                }
                tracing::info!("slots of the redis cluster have moved, subscribing anew");
                slots = now;
                inner.holds.lock().forget_all();
                behind = true;
            }
            Ok(()) = back(&mut clients, &mut reconnected) => {
                tracing::info!("redis is back, subscribing anew");
                inner.holds.lock().forget_all();
                behind = true;
            }
        }
        // Who went on without a confirmation is among those who are told, if their topic is.
        missed |= behind | inner.late.swap(false, Ordering::AcqRel);
        let applied = apply(&inner).await;
        inner.link.ended(&applied);
        behind = match applied {
            Ok(()) => false,
            Err(error) => {
                tracing::warn!(%error, "cannot subscribe, trying again");
                true
            }
        };
        if !behind && std::mem::take(&mut missed) {
            inner.missed.notify_one();
        }
        metrics::gauge!("confab_bus_topics").set(inner.holds.lock().len() as f64);
    }
}

/// Waits for a connection that has no subscriptions yet: the client has made another, or there is another
/// client. Fails when there will be none any more.
async fn back(
    clients: &mut watch::Receiver<Client>,
    reconnected: &mut broadcast::Receiver<Server>,
) -> Result<(), watch::error::RecvError> {
    let again = async {
        if let Err(RecvError::Closed) = reconnected.recv().await {
            // The client is closed: only another one can be connected.
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        changed = clients.changed() => changed?,
        () = again => return Ok(()),
    }
    *reconnected = clients.borrow_and_update().reconnect_rx();
    Ok(())
}

async fn apply(inner: &Inner) -> Result<(), Error> {
    let client = inner.link.client()?;
    let changes = inner.holds.lock().changes();
    let channel = |topic: &Topic| format!("{}{topic}", inner.prefix);
    // One by one: on a cluster the channels of one command would have to share a slot, and elsewhere the
    // answers, one for each channel, would be taken for those to the commands after it.
    for topics in changes.subscribe.chunks(SIDE_BY_SIDE) {
        let each = topics.iter().map(|topic| client.ssubscribe(channel(topic)));
        try_join_all(each).await?;
        inner.holds.lock().subscribed(topics);
    }
    for topics in changes.unsubscribe.chunks(SIDE_BY_SIDE) {
        let each = topics
            .iter()
            .map(|topic| client.sunsubscribe(channel(topic)));
        try_join_all(each).await?;
        inner.holds.lock().unsubscribed(topics);
    }
    Ok(())
}
