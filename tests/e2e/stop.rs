//! Asked to stop, every process ends in order, and nothing that was acknowledged is lost.

use std::sync::Arc;
use std::time::Duration;

use confab_e2e::{Account, Cluster, Plan, Rest};
use confab_testkit::eventually_within;
use nix::sys::signal::Signal;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

/// Longer than `SHUTDOWN_TIMEOUT`, which is what a process gives itself.
const LIMIT: Duration = Duration::from_secs(28);

/// How long some hundred messages may take on a machine that does other things too.
const FLOW: Duration = Duration::from_secs(30);

/// Somebody who sends, one message after the other, and keeps what was acknowledged.
struct Sending {
    stop: CancellationToken,
    done: JoinHandle<Vec<Value>>,
}

impl Sending {
    fn start(rest: Rest, sender: Arc<Account>, room: String, name: String) -> Self {
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let done = tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for number in 0.. {
                if stopped.is_cancelled() {
                    break;
                }
                let sent = rest.send(&sender, &room, &format!("{name}-{number}")).await;
                acknowledged.extend(sent);
            }
            acknowledged
        });
        Self { stop, done }
    }

    async fn stop(self) -> Vec<Value> {
        self.stop.cancel();
        self.done.await.unwrap()
    }
}

/// Sends through all gateways while `signal` hits the process that `victim` picks, and compares what
/// was acknowledged with what is stored.
async fn nothing_acknowledged_is_lost(
    signal: Signal,
    restart: bool,
    victim: impl Fn(&mut Cluster) -> &mut confab_e2e::Process,
) {
    let mut cluster = Cluster::planned(Plan {
        message_stores: 2,
        ..Plan::default()
    })
    .await;
    let rest = cluster.rest(0);
    let sender = Arc::new(rest.sign_up("ada").await);
    let room = rest.group(&sender, &[]).await;
    let sending: Vec<_> = (0..8)
        .map(|number| {
            let rest = cluster.rest(number % cluster.gateways.len());
            Sending::start(
                rest,
                sender.clone(),
                room.clone(),
                format!("sender{number}"),
            )
        })
        .collect();
    let reader = cluster.rest(0);
    let arrived = |count: usize| {
        let (reader, sender, room) = (reader.clone(), sender.clone(), room.clone());
        async move { (reader.history(&sender, &room).await.len() >= count).then_some(()) }
    };
    // More than are asked for below: what arrived a moment before a gateway is killed may not be acknowledged.
    eventually_within(FLOW, "messages flow", || arrived(150)).await;

    let process = victim(&mut cluster);
    process.signal(signal);
    let status = process.ended(LIMIT).await;
    if signal == Signal::SIGTERM {
        assert_eq!(
            status.code(),
            Some(0),
            "{}: {}",
            process.name,
            process.log()
        );
    }
    if restart {
        let before = reader.history(&sender, &room).await.len();
        cluster.message_stores[0].restart();
        cluster.ready().await;
        eventually_within(FLOW, "messages flow again", || arrived(before + 100)).await;
    }

    let mut acknowledged = Vec::new();
    for sending in sending {
        acknowledged.extend(sending.stop().await);
    }
    let stored = cluster.rest(0).history(&sender, &room).await;
    let seqs: Vec<_> = stored
        .iter()
        .map(|message| message["seq"].as_i64().unwrap())
        .collect();
    assert_eq!(
        seqs,
        (1..=seqs.len() as i64).collect::<Vec<_>>(),
        "the log is dense"
    );
    for message in &acknowledged {
        let seq = message["seq"].as_u64().unwrap() as usize;
        assert_eq!(
            &stored[seq - 1],
            message,
            "an acknowledged message is where it was said to be"
        );
    }
    assert!(
        acknowledged.len() > 100,
        "only {} were acknowledged",
        acknowledged.len()
    );
}

#[tokio::test]
async fn a_message_store_that_is_asked_to_stop_under_load_loses_nothing() {
    nothing_acknowledged_is_lost(Signal::SIGTERM, true, |cluster| {
        &mut cluster.message_stores[0].process
    })
    .await;
}

#[tokio::test]
async fn a_message_store_that_is_killed_under_load_loses_nothing() {
    nothing_acknowledged_is_lost(Signal::SIGKILL, true, |cluster| {
        &mut cluster.message_stores[0].process
    })
    .await;
}

#[tokio::test]
async fn a_gateway_that_is_asked_to_stop_under_load_loses_nothing() {
    nothing_acknowledged_is_lost(Signal::SIGTERM, false, |cluster| {
        &mut cluster.gateways[1].process
    })
    .await;
}

#[tokio::test]
async fn every_process_ends_with_zero_when_it_is_asked_to() {
    let mut cluster = Cluster::start().await;
    for process in cluster.processes() {
        process.signal(Signal::SIGTERM);
        let status = process.ended(LIMIT).await;
        assert_eq!(
            status.code(),
            Some(0),
            "{}: {}",
            process.name,
            process.log()
        );
    }
}

#[tokio::test]
async fn peers_that_hold_on_to_a_process_do_not_keep_it_from_ending() {
    let mut cluster = Cluster::start().await;
    let door = cluster.gateways[0]
        .url
        .trim_start_matches("http://")
        .to_owned();
    let half_a_request = "POST /api/auth/login HTTP/1.1\r\nhost: x\r\n\
        content-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let half_a_header = "GET / HTTP/1.1\r\nhost: x\r\nx-slow";
    let a_socket_that_says_nothing = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: x\r\n\
        connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let mut held = Vec::new();
    for words in [half_a_request, half_a_header, a_socket_that_says_nothing] {
        let mut stream = TcpStream::connect(&door).await.unwrap();
        stream.write_all(words.as_bytes()).await.unwrap();
        held.push(stream);
    }
    let servers = [
        &cluster.auth.grpc,
        &cluster.message_stores[0].grpc,
        &cluster.presence.grpc,
    ];
    let mut watches = Vec::new();
    for address in servers.into_iter().chain([&cluster.gateways[0].grpc]) {
        let channel = Endpoint::from_shared(format!("http://{address}")).unwrap();
        let mut health = HealthClient::new(channel.connect().await.unwrap());
        let mut watch = health
            .watch(HealthCheckRequest::default())
            .await
            .unwrap()
            .into_inner();
        watch
            .message()
            .await
            .unwrap()
            .expect("a first word on its health");
        watches.push(watch);
    }
    for process in cluster.processes() {
        process.signal(Signal::SIGTERM);
    }
    for process in cluster.processes() {
        let status = process.ended(LIMIT).await;
        assert_eq!(
            status.code(),
            Some(0),
            "{}: {}",
            process.name,
            process.log()
        );
    }
}
