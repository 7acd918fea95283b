//! A gateway's ear: all that is told about some users, as it comes from Redis.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use confab_ids::UserId;
use confab_proto::event::{Event, PresenceChanged, event};
use confab_testkit::{Redis, eventually_within};
use fred::clients::Client;
use fred::interfaces::{ClientLike as _, EventInterface as _, PubsubInterface as _};
use fred::types::Builder;
use fred::types::config::Config;
use prost::Message as _;

/// Long enough for a machine under load; a test that passes never waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Watcher {
    heard: Arc<Mutex<Vec<PresenceChanged>>>,
    _client: Client,
}

impl Watcher {
    pub async fn of(redis: &Redis, users: &[UserId]) -> Self {
        let mut builder = Builder::from_config(Config::from_url(&redis.url).unwrap());
        builder.with_performance_config(|performance| {
            performance.broadcast_channel_capacity = 65_536;
        });
        let client = builder.build().unwrap();
        client.init().await.unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (mut messages, ear) = (client.message_rx(), heard.clone());
        tokio::spawn(async move {
            while let Ok(message) = messages.recv().await {
                let event = Event::decode(message.value.as_bytes().unwrap()).unwrap();
                let Some(event::Body::PresenceChanged(changed)) = event.body else {
                    panic!("only presence is told there: {event:?}");
                };
                assert!(
                    message
                        .channel
                        .ends_with(&format!("presence:{}", changed.user_id))
                );
                ear.lock().unwrap().push(changed);
            }
        });
        for user in users {
            client
                .ssubscribe(format!("{}presence:{user}", redis.prefix))
                .await
                .unwrap();
        }
        Self {
            heard,
            _client: client,
        }
    }

    /// All that was told about a user so far.
    pub fn about(&self, user: UserId) -> Vec<PresenceChanged> {
        let user = user.to_string();
        self.heard
            .lock()
            .unwrap()
            .iter()
            .filter(|changed| changed.user_id == user)
            .cloned()
            .collect()
    }

    /// The same, as a story: `online`, `offline`, ...
    pub fn story_of(&self, user: UserId) -> Vec<&'static str> {
        self.about(user)
            .iter()
            .map(|told| if told.online { "online" } else { "offline" })
            .collect()
    }

    /// Waits until it was told `times` times about a user.
    pub async fn hears(&self, user: UserId, times: usize) -> Vec<PresenceChanged> {
        let what = format!("{user} to be told of {times} times");
        eventually_within(PATIENCE, &what, async || {
            let about = self.about(user);
            (about.len() >= times).then_some(about)
        })
        .await
    }
}
