//! A cluster of real processes on ports, a database and a key prefix of its own.

use std::path::PathBuf;
use std::time::Duration;

use confab_testkit::{Mongo, PortBlock, Redis, eventually_within};

use serde_json::json;

use crate::process::Process;
use crate::rest::Rest;

/// How long a start may take on a machine that does other things too.
const READY: Duration = Duration::from_secs(60);

/// How large a cluster is, and what is special about it.
#[derive(Clone)]
pub struct Plan {
    /// How many gateways.
    pub gateways: usize,
    /// How many message-stores.
    pub message_stores: usize,
    /// Extra environment, for all processes.
    pub env: Vec<(&'static str, String)>,
    /// A Redis for all processes, instead of the one that the tests share.
    pub redis: Option<String>,
    /// Where Redis is, for the gateways, instead of where it really is.
    pub gateways_redis: Option<String>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            gateways: 2,
            message_stores: 1,
            env: Vec::new(),
            redis: None,
            gateways_redis: None,
        }
    }
}

/// One gateway replica.
pub struct Gateway {
    /// Its public address.
    pub url: String,
    /// Its gRPC address, `host:port`.
    pub grpc: String,
    /// Its admin address.
    pub admin: String,
    /// The process.
    pub process: Process,
    env: Vec<(String, String)>,
}

/// One replica of another service.
pub struct Replica {
    /// Its gRPC address, `host:port`.
    pub grpc: String,
    admin: String,
    env: Vec<(String, String)>,
    /// The process.
    pub process: Process,
}

/// A running cluster.
pub struct Cluster {
    /// The database.
    pub mongo: Mongo,
    /// The key prefix.
    pub redis: Redis,
    /// The auth service.
    pub auth: Replica,
    /// The message-store replicas.
    pub message_stores: Vec<Replica>,
    /// The presence service.
    pub presence: Replica,
    /// The gateways.
    pub gateways: Vec<Gateway>,
    ports: PortBlock,
}

impl Cluster {
    /// Two gateways, one of everything else.
    pub async fn start() -> Self {
        Self::planned(Plan::default()).await
    }

    /// A cluster by a plan; returns when every process is ready.
    ///
    /// # Panics
    /// If a process does not become ready.
    pub async fn planned(plan: Plan) -> Self {
        let (mongo, mut redis, mut ports) = (Mongo::fresh(), Redis::fresh(), PortBlock::take());
        if let Some(url) = &plan.redis {
            redis.url.clone_from(url);
        }
        redis.put_to_use().await;
        let special = plan
            .env
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.clone()));
        let special: Vec<_> = special.collect();
        let stores = [
            ("MONGODB_URI".to_owned(), mongo.uri.clone()),
            ("MONGODB_DATABASE".to_owned(), mongo.database.clone()),
            // The cheapest that bcrypt knows: the tests are not about guessing passwords.
            ("BCRYPT_COST".to_owned(), "4".to_owned()),
        ];
        let queue = |url: &str| {
            [
                ("REDIS_URL".to_owned(), url.to_owned()),
                ("REDIS_KEY_PREFIX".to_owned(), redis.prefix.clone()),
            ]
        };
        let auth = Replica::start("auth", &mut ports, [&stores[..], &special].concat());
        let auth_url = ("AUTH_URL".to_owned(), format!("http://{}", auth.grpc));
        let message_stores: Vec<_> = (0..plan.message_stores)
            .map(|_| {
                Replica::start(
                    "message-store",
                    &mut ports,
                    [&stores[..2], &special].concat(),
                )
            })
            .collect();
        let urls: Vec<_> = message_stores
            .iter()
            .map(|store| format!("http://{}", store.grpc))
            .collect();
        let presence = [
            &queue(&redis.url)[..],
            std::slice::from_ref(&auth_url),
            &special,
        ]
        .concat();
        let presence = Replica::start("presence", &mut ports, presence);
        let peers = [
            auth_url,
            ("MESSAGE_STORE_URL".to_owned(), urls.join(",")),
            (
                "PRESENCE_URL".to_owned(),
                format!("http://{}", presence.grpc),
            ),
        ];
        let queue = queue(plan.gateways_redis.as_deref().unwrap_or(&redis.url));
        let limits = [
            // The scenarios are many users at one address; what is limited is another test's concern.
            ("RATE_LIMITS".to_owned(), "off".to_owned()),
            ("TRUSTED_PROXIES".to_owned(), "127.0.0.0/8".to_owned()),
        ];
        let env = [&queue[..], &peers, &limits, &special].concat();
        let gateways = (0..plan.gateways)
            .map(|_| Gateway::start(&mut ports, env.clone()))
            .collect();
        let mut cluster = Self {
            mongo,
            redis,
            auth,
            message_stores,
            presence,
            gateways,
            ports,
        };
        cluster.ready().await;
        cluster
    }

    /// Waits until every process is ready.
    ///
    /// # Panics
    /// If one is not, or has ended.
    pub async fn ready(&mut self) {
        let replicas = [&mut self.auth, &mut self.presence]
            .into_iter()
            .chain(&mut self.message_stores);
        let replicas = replicas.map(|replica| (replica.admin.clone(), &mut replica.process));
        let gateways = self
            .gateways
            .iter_mut()
            .map(|g| (g.admin.clone(), &mut g.process));
        for (admin, process) in replicas.chain(gateways) {
            let what = format!("{} is ready", process.name);
            eventually_within(READY, &what, async || {
                assert!(
                    process.runs(),
                    "{} has ended; its log:\n{}",
                    process.name,
                    process.log()
                );
                let answer = reqwest::get(format!("{admin}/readyz")).await.ok()?;
                answer.status().is_success().then_some(())
            })
            .await;
        }
    }

    /// The public addresses of all gateways, with commas.
    #[must_use]
    pub fn urls(&self) -> String {
        self.gateways
            .iter()
            .map(|gateway| gateway.url.as_str())
            .collect::<Vec<_>>()
            .join(",")
    }

    /// A REST client of one gateway.
    #[must_use]
    pub fn rest(&self, gateway: usize) -> Rest {
        Rest::new(&self.gateways[gateway].url)
    }

    /// Every process by name.
    pub fn processes(&mut self) -> impl Iterator<Item = &mut Process> {
        let replicas = [&mut self.auth, &mut self.presence]
            .into_iter()
            .chain(&mut self.message_stores);
        let gateways = self.gateways.iter_mut().map(|gateway| &mut gateway.process);
        gateways.chain(replicas.map(|replica| &mut replica.process))
    }

    /// Where everything is, as in the file that `cargo xtask up` writes. The stores are not ours to break.
    ///
    /// # Panics
    /// If a process has ended.
    #[must_use]
    pub fn described(&self) -> serde_json::Value {
        let replica = |one: &Replica| json!({ "adminUrl": one.admin, "pid": one.process.pid() });
        let gateway = |one: &Gateway| json!({ "url": one.url, "adminUrl": one.admin, "pid": one.process.pid() });
        json!({
            "gateways": self.gateways.iter().map(gateway).collect::<Vec<_>>(),
            "auth": [replica(&self.auth)],
            "messageStore": self.message_stores.iter().map(replica).collect::<Vec<_>>(),
            "presence": [replica(&self.presence)],
            "redis": { "pid": null },
            "mongo": { "pid": null },
        })
    }

    /// A port that nobody else has.
    pub fn port(&mut self) -> u16 {
        self.ports.port()
    }
}

impl Replica {
    fn start(service: &str, ports: &mut PortBlock, env: Vec<(String, String)>) -> Self {
        let (grpc, admin) = (ports.port(), ports.port());
        let grpc = format!("127.0.0.1:{grpc}");
        let env = [
            &env[..],
            &[
                ("GRPC_ADDR".to_owned(), grpc.clone()),
                ("ADMIN_ADDR".to_owned(), format!("127.0.0.1:{admin}")),
            ],
        ]
        .concat();
        let process = run(service, &grpc, &env);
        Self {
            grpc,
            admin: format!("http://127.0.0.1:{admin}"),
            env,
            process,
        }
    }

    /// Starts the process again, with the same addresses.
    pub fn restart(&mut self) {
        let service = self.process.name.split('@').next().unwrap().to_owned();
        self.process = run(&service, &self.grpc, &self.env);
    }
}

impl Gateway {
    fn start(ports: &mut PortBlock, env: Vec<(String, String)>) -> Self {
        let (http, grpc, admin) = (ports.port(), ports.port(), ports.port());
        let address = |port: u16| format!("127.0.0.1:{port}");
        let env = [
            &env[..],
            &[
                ("HTTP_ADDR".to_owned(), address(http)),
                ("GRPC_ADDR".to_owned(), address(grpc)),
                ("ADMIN_ADDR".to_owned(), address(admin)),
            ],
        ]
        .concat();
        let process = run("gateway", &address(http), &env);
        let admin = format!("http://{}", address(admin));
        Self {
            url: format!("http://{}", address(http)),
            grpc: address(grpc),
            admin,
            process,
            env,
        }
    }

    /// Starts the process again, with the same addresses.
    pub fn restart(&mut self) {
        let address = self.url.trim_start_matches("http://");
        self.process = run("gateway", address, &self.env);
    }
}

fn run(service: &str, address: &str, env: &[(String, String)]) -> Process {
    let binary = binaries().join(format!("confab-{service}"));
    Process::start(&format!("{service}@{address}"), &binary, &[], env)
}

/// Where the services are: named by `cargo xtask test`, or else beside this test.
pub(crate) fn binaries() -> PathBuf {
    match std::env::var_os("CONFAB_BIN_DIR") {
        Some(folder) => folder.into(),
        None => std::env::current_exe()
            .unwrap()
            .ancestors()
            .nth(2)
            .unwrap()
            .to_owned(),
    }
}
