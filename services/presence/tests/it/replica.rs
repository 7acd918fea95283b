//! One replica of presence in this process, and how a gateway speaks to it.

use std::time::Duration;

use clap::Parser as _;
use confab_chassis::CancellationToken;
use confab_ids::UserId;
use confab_presence::Config;
use confab_proto::presence::presence_service_client::PresenceServiceClient;
use confab_proto::presence::{
    ConnectRequest, DisconnectRequest, Gateway, Presence, QueryRequest, ReleaseLeaseRequest,
    RenewLeaseRequest,
};
use confab_testkit::{Redis, eventually};
use fred::interfaces::LuaInterface as _;
use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

/// A lease that ends while a test waits for it.
pub const SHORT_LEASE: Duration = Duration::from_secs(2);
/// A debounce within which a test is surely back, even on a busy machine.
pub const LONG_DEBOUNCE: Duration = Duration::from_secs(8);

/// How many sockets of a crowd come or go at the same time.
const AT_ONCE: usize = 32;

pub struct Replica {
    pub address: String,
    pub client: PresenceServiceClient<Channel>,
    stop: CancellationToken,
    done: JoinHandle<anyhow::Result<()>>,
}

impl Replica {
    pub async fn start(redis: &Redis) -> Self {
        Self::start_with(redis, |_| {}).await
    }

    /// Starts a replica that soon notices that a gateway has fallen silent.
    pub async fn start_strict(redis: &Redis) -> Self {
        Self::start_with(redis, |config| config.lease_ttl = SHORT_LEASE).await
    }

    /// Starts a replica that leaves users time to come back.
    pub async fn start_patient(redis: &Redis) -> Self {
        Self::start_with(redis, |config| config.offline_debounce = LONG_DEBOUNCE).await
    }

    /// Starts a replica with some settings of its own, on a Redis that has been in use.
    pub async fn start_with(redis: &Redis, set: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::parse_from([
            "confab-presence",
            "--grpc-addr=127.0.0.1:0",
            "--admin-addr=127.0.0.1:0",
            &format!("--redis-url={}", redis.url),
            &format!("--redis-key-prefix={}", redis.prefix),
            // Nobody listens there: auth is away unless a test brings one.
            "--auth-url=http://127.0.0.1:1",
            // Longer than any test, so that only those about leases need renew them.
            "--lease-ttl=1h",
            "--offline-debounce=200ms",
            "--sweep-interval=50ms",
        ]);
        set(&mut config);
        redis.put_to_use().await;
        let stop = CancellationToken::new();
        let running = confab_presence::start(config, stop.clone()).await.unwrap();
        let address = format!("http://{}", running.addresses[0].1);
        let done = tokio::spawn(running.done);
        let client = client(&address).await;
        Self {
            address,
            client,
            stop,
            done,
        }
    }

    /// Stops it as a signal would.
    pub async fn stop(self) {
        self.stop.cancel();
        drop(self.client);
        self.done.await.unwrap().unwrap();
    }

    pub async fn connects(&self, user: UserId, connection: &str, gateway: &str) -> bool {
        let request = ConnectRequest {
            user_id: user.to_string(),
            connection_id: connection.to_owned(),
            gateway_id: gateway.to_owned(),
        };
        self.client
            .clone()
            .connect(request)
            .await
            .unwrap()
            .into_inner()
            .became_online
    }

    pub async fn disconnects(&self, user: UserId, connection: &str, gateway: &str) -> bool {
        let request = DisconnectRequest {
            user_id: user.to_string(),
            connection_id: connection.to_owned(),
            gateway_id: gateway.to_owned(),
        };
        self.client
            .clone()
            .disconnect(request)
            .await
            .unwrap()
            .into_inner()
            .became_offline
    }

    /// Each of these users has a socket more.
    pub async fn all_connect(&self, users: &[UserId], connection: &str, gateway: &str) {
        let connects = stream::iter(users).map(|user| self.connects(*user, connection, gateway));
        let _: Vec<bool> = connects.buffer_unordered(AT_ONCE).collect().await;
    }

    /// Each of these users has a socket less.
    pub async fn all_disconnect(&self, users: &[UserId], connection: &str, gateway: &str) {
        let disconnects =
            stream::iter(users).map(|user| self.disconnects(*user, connection, gateway));
        let _: Vec<bool> = disconnects.buffer_unordered(AT_ONCE).collect().await;
    }

    pub async fn query(&self, users: &[UserId]) -> Vec<Presence> {
        let request = QueryRequest {
            user_ids: users.iter().map(UserId::to_string).collect(),
        };
        self.client
            .clone()
            .query(request)
            .await
            .unwrap()
            .into_inner()
            .presences
    }

    /// Whether it answers who is online.
    pub async fn answers(&self) -> bool {
        let request = QueryRequest {
            user_ids: vec![UserId::generate().to_string()],
        };
        self.client.clone().query(request).await.is_ok()
    }

    /// Online or not, and on how many sockets.
    pub async fn presence_of(&self, user: UserId) -> (bool, i32) {
        let presence = self.query(&[user]).await.remove(0);
        (presence.online, presence.connections)
    }

    /// Renews a lease and answers the gateways that live, sorted.
    pub async fn renews(&self, gateway: &str) -> Vec<Gateway> {
        let request = RenewLeaseRequest {
            gateway_id: gateway.to_owned(),
            relay_url: format!("http://{gateway}:8080"),
        };
        let answer = self
            .client
            .clone()
            .renew_lease(request)
            .await
            .unwrap()
            .into_inner();
        assert!(answer.ttl_seconds > 0, "{answer:?}");
        let mut gateways = answer.gateways;
        gateways.sort_by(|a, b| a.id.cmp(&b.id));
        gateways
    }

    /// Keeps a lease alive until the answer is dropped or aborted, whatever happens.
    pub fn keeps(&self, gateway: &'static str) -> Kept {
        let client = self.client.clone();
        Kept(tokio::spawn(async move {
            let mut pace = tokio::time::interval(Duration::from_millis(200));
            loop {
                pace.tick().await;
                let request = RenewLeaseRequest {
                    gateway_id: gateway.to_owned(),
                    relay_url: "http://kept:1".to_owned(),
                };
                let _ = client.clone().renew_lease(request).await;
            }
        }))
    }

    pub async fn releases(&self, gateway: &str) {
        let request = ReleaseLeaseRequest {
            gateway_id: gateway.to_owned(),
        };
        self.client.clone().release_lease(request).await.unwrap();
    }
}

/// A gateway that renews its lease as long as this lives.
pub struct Kept(JoinHandle<()>);

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits until no lease is alive, on Redis' clock.
pub async fn all_leases_end(redis: &Redis) {
    let store = redis.open().await;
    eventually("all leases to end", async || {
        let alive = "local t = redis.call('TIME') \
            return redis.call('ZCOUNT', KEYS[1], t[1] * 1000 + t[2] / 1000, '+inf')";
        let leases = format!("{}gateway:leases", redis.prefix);
        let alive: i64 = store.eval(alive, leases, None::<String>).await.unwrap();
        (alive == 0).then_some(())
    })
    .await;
}

pub async fn client(address: &str) -> PresenceServiceClient<Channel> {
    let endpoint = Channel::from_shared(address.to_owned()).unwrap();
    PresenceServiceClient::new(endpoint.connect().await.unwrap())
}

pub fn users(number: usize) -> Vec<UserId> {
    (0..number).map(|_| UserId::generate()).collect()
}
