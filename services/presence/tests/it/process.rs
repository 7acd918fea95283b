//! The program itself: its signals, its exit codes, and a death without warning.

use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use confab_testkit::{PortBlock, Redis, eventually_within};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::replica::{Replica, client, users};
use crate::watch::Watcher;

const PATIENCE: Duration = Duration::from_secs(30);

struct Program {
    child: Child,
    grpc: String,
    admin: String,
    _ports: PortBlock,
}

impl Program {
    async fn start(redis: &Redis) -> Self {
        let mut ports = PortBlock::take();
        let (grpc, admin) = (
            format!("127.0.0.1:{}", ports.port()),
            format!("127.0.0.1:{}", ports.port()),
        );
        let child = command()
            .args(["--auth-url=http://127.0.0.1:1", "--offline-debounce=100ms"])
            .args(["--lease-ttl=1s", "--sweep-interval=20ms"])
            .arg(format!("--grpc-addr={grpc}"))
            .arg(format!("--admin-addr={admin}"))
            .env("REDIS_URL", &redis.url)
            .env("REDIS_KEY_PREFIX", &redis.prefix)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let program = Self {
            child,
            grpc: format!("http://{grpc}"),
            admin,
            _ports: ports,
        };
        eventually_within(PATIENCE, "the program to be ready", async || {
            program
                .page("/readyz")
                .await
                .filter(|page| page.starts_with("HTTP/1.1 200"))
                .map(drop)
        })
        .await;
        program
    }

    async fn page(&self, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(&self.admin).await.ok()?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        Some(answer)
    }

    async fn ends_by(mut self, signal: Signal) -> ExitStatus {
        let id = i32::try_from(self.child.id().unwrap()).unwrap();
        kill(Pid::from_raw(id), signal).unwrap();
        timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap()
    }
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_confab-presence"));
    for name in ["REDIS_URL", "REDIS_KEY_PREFIX", "AUTH_URL", "LEASE_TTL"] {
        command.env_remove(name);
    }
    command.kill_on_drop(true);
    command
}

async fn refusal(arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command().args(arguments).output().await.unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[tokio::test]
async fn a_signal_ends_the_program_with_success_even_while_callers_are_connected() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let redis = Redis::fresh();
        let program = Program::start(&redis).await;
        let mut caller = client(&program.grpc).await;
        let empty = confab_proto::presence::QueryRequest::default();
        caller.query(empty).await.unwrap();
        eventually_within(PATIENCE, "the program to count", async || {
            let metrics = program.page("/metrics").await?;
            let names = [
                "confab_rpc_duration_seconds",
                "confab_presence_online_users 0",
            ];
            names
                .iter()
                .all(|name| metrics.contains(name))
                .then_some(())
        })
        .await;
        assert_eq!(program.ends_by(signal).await.code(), Some(0));
    }
}

#[tokio::test]
async fn a_wrong_configuration_is_refused_by_name_all_at_once() {
    let (code, words) = refusal(&[]).await;
    assert_eq!(code, Some(64), "{words}");
    assert!(
        words.contains("REDIS_URL") && words.contains("AUTH_URL"),
        "{words}"
    );

    let (code, words) = refusal(&[
        "--redis-url=http://user:hunter2@nowhere",
        "--auth-url=https://auth",
        "--lease-ttl=10ms",
        "--offline-debounce=2h",
        "--sweep-interval=0s",
        "--shutdown-timeout=0s",
    ])
    .await;
    assert_eq!(code, Some(64), "{words}");
    for name in [
        "REDIS_URL",
        "AUTH_URL",
        "LEASE_TTL",
        "OFFLINE_DEBOUNCE",
        "SWEEP_INTERVAL",
        "SHUTDOWN_TIMEOUT",
    ] {
        assert!(words.contains(name), "{name} is not named: {words}");
    }
    assert!(!words.contains("hunter2"), "{words}");

    let (code, words) = refusal(&[
        "--redis-url=redis://h",
        "--auth-url=http://a:1",
        "--lease-ttl=x",
    ])
    .await;
    assert_eq!(code, Some(64), "{words}");
    assert!(words.contains("LEASE_TTL"), "{words}");
}

#[tokio::test]
async fn a_cluster_is_refused_unless_all_keys_fall_into_one_slot() {
    let (code, words) =
        refusal(&["--redis-url=redis-cluster://h:1", "--auth-url=http://a:1"]).await;
    assert_eq!(code, Some(64), "{words}");
    assert!(
        words.contains("REDIS_KEY_PREFIX") && words.contains("{confab}:"),
        "{words}"
    );
}

#[tokio::test]
async fn what_a_killed_replica_was_about_to_tell_is_told_by_another() {
    let redis = Redis::fresh();
    let crowd = users(400);
    let watcher = Watcher::of(&redis, &crowd).await;
    let doomed = Program::start(&redis).await;
    let survivor = Replica::start(&redis).await;
    let _kept = survivor.keeps("g");
    survivor.all_connect(&crowd, "s", "g").await;
    survivor.all_disconnect(&crowd, "s", "g").await;
    // In the midst of telling.
    watcher.hears(crowd[20], 2).await;
    assert_eq!(doomed.ends_by(Signal::SIGKILL).await.code(), None);

    for user in &crowd {
        watcher.hears(*user, 2).await;
        let told = watcher.about(*user);
        // Told twice is allowed after a death, with the same version: receivers drop the second.
        let left: Vec<_> = told.iter().filter(|told| !told.online).collect();
        assert!(!left.is_empty(), "{told:?}");
        assert!(
            left.iter().all(|told| told.version == left[0].version),
            "{told:?}"
        );
    }
}
