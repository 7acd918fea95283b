//! Redis servers of a test's own, to be moved and killed: a cluster, or one under a sentinel.
//!
//! The program is the one that runs the shared Redis; `cargo xtask test` says which, in `REDIS_SERVER`.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fred::clients::Client;
use fred::interfaces::ClientLike as _;
use fred::types::config::Config;
use fred::types::{Builder, ClusterHash, CustomCommand};

use crate::stores::{setting, unique};
use crate::{PortBlock, eventually, eventually_within};

/// How soon the others find a server dead, and how long two may take to get to know each other: long
/// enough for a busy machine.
const NODE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long they may take to form a cluster, introduced several times if need be.
const FORMATION: Duration = Duration::from_secs(30);
/// How long they may take to find a server dead and to vote; a vote that fails is repeated after four
/// times the node timeout.
const FAILOVER: Duration = Duration::from_secs(60);

/// One server; it ends with this value.
struct Server {
    port: u16,
    /// What the nodes of a cluster say to each other on.
    bus_port: u16,
    process: Child,
    folder: PathBuf,
}

impl Server {
    fn start(ports: &mut PortBlock, arguments: &[&str]) -> Self {
        let (port, bus_port) = (ports.port(), ports.port());
        Self::start_on((port, bus_port), arguments)
    }

    fn start_on((port, bus_port): (u16, u16), arguments: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("confab-redis-{}", unique()));
        fs::create_dir_all(&folder).unwrap();
        let process = Command::new(setting("REDIS_SERVER"))
            .args(arguments)
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(&folder)
            .stdout(File::create(folder.join("log")).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .expect("REDIS_SERVER cannot be started");
        Self {
            port,
            bus_port,
            process,
            folder,
        }
    }

    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    async fn client(&self) -> Client {
        let config = Config::from_url(&format!("redis://{}", self.address())).unwrap();
        eventually("a server of the test's own to be reached", async || {
            let client = Builder::from_config(config.clone()).build().unwrap();
            client.init().await.is_ok().then_some(client)
        })
        .await
    }

    async fn ask(&self, command: &'static str, arguments: &[&str]) -> String {
        let words: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let command = CustomCommand::new_static(command, ClusterHash::FirstKey, false);
        let client = self.client().await;
        let answer = client.custom(command, words).await.unwrap();
        let _ = client.quit().await;
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed by the test.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// One server alone, without persistence.
pub struct RedisAlone {
    /// Where it is, for our services.
    pub url: String,
    server: Option<Server>,
    at: (u16, u16),
    _ports: PortBlock,
}

impl RedisAlone {
    /// A server that answers.
    ///
    /// # Panics
    /// If it cannot be started.
    pub async fn start() -> Self {
        let mut ports = PortBlock::take();
        let server = Server::start(&mut ports, &[]);
        server.client().await;
        Self {
            url: format!("redis://{}", server.address()),
            at: (server.port, server.bus_port),
            server: Some(server),
            _ports: ports,
        }
    }

    /// Kills it, with all that it held.
    pub fn kill(&mut self) {
        self.server = None;
    }

    /// Starts it again, empty, at the same address.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn restart(&mut self) {
        self.kill();
        self.server = Some(Server::start_on(self.at, &[]));
    }
}

/// Three masters, and a replica of the first.
pub struct RedisCluster {
    /// Where it is, for our services.
    pub url: String,
    servers: Vec<Server>,
    _ports: PortBlock,
}

impl RedisCluster {
    /// A cluster that answers.
    ///
    /// # Panics
    /// If it cannot be started.
    pub async fn start() -> Self {
        let mut ports = PortBlock::take();
        let mut servers = Vec::new();
        for _ in 0..4 {
            servers.push(start_node(&mut ports));
        }
        let slots = [("0", "5460"), ("5461", "10922"), ("10923", "16383")];
        for (number, (server, (first, last))) in servers.iter().zip(slots).enumerate() {
            let epoch = (number + 1).to_string();
            server.ask("CLUSTER", &["SET-CONFIG-EPOCH", &epoch]).await;
            server.ask("CLUSTER", &["ADDSLOTSRANGE", first, last]).await;
        }
        acquaint(&servers).await;
        let first = servers[0].ask("CLUSTER", &["MYID"]).await;
        servers[3].ask("CLUSTER", &["REPLICATE", &first]).await;
        eventually("the replica to follow", async || {
            let state = servers[3].ask("INFO", &["replication"]).await;
            state.contains("master_link_status:up").then_some(())
        })
        .await;
        let [one, two, three, ..] = servers.as_slice() else {
            unreachable!("four were started");
        };
        let url = format!(
            "redis-cluster://{}?node={}&node={}",
            one.address(),
            two.address(),
            three.address()
        );
        Self {
            url,
            servers,
            _ports: ports,
        }
    }

    /// Moves the slot of a key or a channel from its master to the next one.
    ///
    /// # Panics
    /// If that cannot be done.
    pub async fn move_slot_of(&self, key: &str) {
        let slot = self.slot_of(key).await;
        let from = usize::from(slot > 5460) + usize::from(slot > 10922);
        let to = (from + 1) % 3;
        let slot = slot.to_string();
        let source = self.servers[from].ask("CLUSTER", &["MYID"]).await;
        let target = self.servers[to].ask("CLUSTER", &["MYID"]).await;
        let importing = ["SETSLOT", &slot, "IMPORTING", &source];
        self.servers[to].ask("CLUSTER", &importing).await;
        let migrating = ["SETSLOT", &slot, "MIGRATING", &target];
        self.servers[from].ask("CLUSTER", &migrating).await;
        for server in [to, from, (from + 2) % 3] {
            let moved = ["SETSLOT", &slot, "NODE", &target];
            self.servers[server].ask("CLUSTER", &moved).await;
        }
    }

    /// Which of the masters has a key or a channel: 0, 1 or 2.
    ///
    /// # Panics
    /// If the cluster does not answer.
    pub async fn master_of(&self, key: &str) -> usize {
        let slot = self.slot_of(key).await;
        usize::from(slot > 5460) + usize::from(slot > 10922)
    }

    /// Kills the first master, and waits until its replica has taken over.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn kill_first_master(&mut self) {
        self.servers[0].process.kill().unwrap();
        self.servers[0].process.wait().unwrap();
        let replica = &self.servers[3];
        eventually_within(FAILOVER, "the replica to take over", async || {
            let role = replica.ask("INFO", &["replication"]).await;
            role.contains("role:master").then_some(())
        })
        .await;
    }

    async fn slot_of(&self, key: &str) -> u32 {
        let slot = self.servers[1].ask("CLUSTER", &["KEYSLOT", key]).await;
        slot.parse().unwrap()
    }
}

/// Waits until each knows all others.
async fn acquaint(servers: &[Server]) {
    introduce(servers).await;
    let mut introduced = Instant::now();
    for server in servers {
        eventually_within(FORMATION, "the cluster to form", async || {
            let state = server.ask("CLUSTER", &["INFO"]).await;
            let formed = ["cluster_state:ok", "cluster_known_nodes:4"];
            if formed.iter().all(|line| state.contains(line)) {
                return Some(());
            }
            // Who was not heard of by then is forgotten, and nobody would ask for them again.
            if introduced.elapsed() > NODE_TIMEOUT {
                introduce(servers).await;
                introduced = Instant::now();
            }
            None
        })
        .await;
    }
}

/// Tells the first where the others are.
async fn introduce(servers: &[Server]) {
    for other in &servers[1..] {
        let (port, bus_port) = (other.port.to_string(), other.bus_port.to_string());
        let meet = ["MEET", "127.0.0.1", &port, &bus_port];
        servers[0].ask("CLUSTER", &meet).await;
    }
}

fn start_node(ports: &mut PortBlock) -> Server {
    let (port, bus_port) = (ports.port(), ports.port());
    let (bus, timeout) = (bus_port.to_string(), NODE_TIMEOUT.as_millis().to_string());
    let arguments = [
        "--cluster-enabled",
        "yes",
        "--cluster-config-file",
        "nodes.conf",
        "--cluster-node-timeout",
        &timeout,
        "--cluster-port",
        &bus,
        "--repl-diskless-sync-delay",
        "0",
    ];
    Server::start_on((port, bus_port), &arguments)
}

/// A master and a replica, and a sentinel that watches them.
pub struct RedisSentinel {
    /// Where the sentinel is, for our services.
    pub url: String,
    sentinel: Server,
    servers: Vec<Server>,
    _ports: PortBlock,
}

impl RedisSentinel {
    /// What the sentinel calls them.
    const NAME: &str = "confab";

    /// A sentinel that knows both.
    ///
    /// # Panics
    /// If they cannot be started.
    pub async fn start() -> Self {
        let mut ports = PortBlock::take();
        let master = Server::start(&mut ports, &[]);
        master.client().await;
        let port = master.port.to_string();
        let follow = ["--replicaof", &format!("127.0.0.1 {port}")];
        let delay = ["--repl-diskless-sync-delay", "0"];
        let replica = Server::start(&mut ports, &[follow, delay].concat());
        eventually("the replica to follow", async || {
            let state = replica.ask("INFO", &["replication"]).await;
            state.contains("master_link_status:up").then_some(())
        })
        .await;
        let sentinel = Self::watch(&mut ports, &port);
        eventually("the sentinel to know both", async || {
            let state = sentinel.ask("INFO", &["sentinel"]).await;
            state.contains("status=ok").then_some(())?;
            state.contains("slaves=1").then_some(())
        })
        .await;
        let url = format!(
            "redis-sentinel://{}?sentinelServiceName={}",
            sentinel.address(),
            Self::NAME
        );
        Self {
            url,
            sentinel,
            servers: vec![master, replica],
            _ports: ports,
        }
    }

    fn watch(ports: &mut PortBlock, master: &str) -> Server {
        let name = Self::NAME;
        let file = std::env::temp_dir().join(format!("confab-sentinel-{}.conf", unique()));
        let rules = format!(
            "sentinel monitor {name} 127.0.0.1 {master} 1\n\
             sentinel down-after-milliseconds {name} 2000\n\
             sentinel failover-timeout {name} 10000\n"
        );
        fs::write(&file, rules).unwrap();
        let file = file.to_string_lossy();
        Server::start(ports, &[&file, "--sentinel"])
    }

    /// Kills the master, and waits until the sentinel names the other one.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn kill_master(&mut self) {
        self.servers[0].process.kill().unwrap();
        self.servers[0].process.wait().unwrap();
        let (sentinel, replica) = (&self.sentinel, self.servers[1].port.to_string());
        eventually_within(
            FAILOVER,
            "the sentinel to name another master",
            async || {
                let state = sentinel.ask("INFO", &["sentinel"]).await;
                state.contains(&format!(":{replica},")).then_some(())
            },
        )
        .await;
    }
}
