//! Calls find a replica that lives, meet in one replica by key, and end in time.
#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::net::SocketAddr;
use std::time::Duration;

use confab_chassis::CancellationToken;
use confab_chassis::grpc::{Caller, Deadline, GrpcServer, Peers};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use url::Url;

const DEADLINE: Deadline = Deadline(Duration::from_secs(5));

/// A replica that can only say that it is healthy.
struct Replica {
    address: SocketAddr,
    stop: CancellationToken,
    ended: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl Replica {
    async fn start() -> Self {
        let server = GrpcServer::bind(
            "127.0.0.1:0".parse().unwrap(),
            tonic_health::pb::FILE_DESCRIPTOR_SET,
        )
        .await
        .unwrap();
        let (address, stop) = (server.address(), CancellationToken::new());
        let ended = tokio::spawn(server.serve(stop.clone()));
        Self {
            address,
            stop,
            ended,
        }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.ended.await.unwrap().unwrap();
    }
}

async fn peers(addresses: impl IntoIterator<Item = SocketAddr>) -> Peers {
    let urls = addresses
        .into_iter()
        .map(|address| Url::parse(&format!("http://{address}")).unwrap());
    Peers::follow("replicas", urls.collect(), CancellationToken::new()).await
}

async fn check(caller: Caller) -> Result<(), Status> {
    HealthClient::new(caller)
        .check(HealthCheckRequest::default())
        .await
        .map(drop)
}

#[tokio::test]
async fn a_call_goes_on_to_the_next_replica_when_one_is_gone() {
    let (one, two) = (Replica::start().await, Replica::start().await);
    let peers = peers([one.address, two.address]).await;
    for key in 0..8 {
        peers.call_for(key, DEADLINE, check).await.unwrap();
    }
    one.stop().await;
    for key in 0..8 {
        peers.call_for(key, DEADLINE, check).await.unwrap();
    }
    two.stop().await;
    let status = peers.call(DEADLINE, check).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
}

#[tokio::test]
async fn calls_about_one_thing_meet_in_one_replica_and_calls_about_many_spread() {
    let replicas = [
        Replica::start().await,
        Replica::start().await,
        Replica::start().await,
    ];
    let peers = peers(replicas.iter().map(|replica| replica.address)).await;
    let mut first_choices = HashSet::new();
    for key in 0..64 {
        first_choices.insert(peers.first_choice(key).unwrap());
        assert_eq!(peers.first_choice(key), peers.first_choice(key));
    }
    assert_eq!(
        first_choices,
        replicas.iter().map(|replica| replica.address).collect()
    );
}

#[tokio::test]
async fn a_replica_that_does_not_answer_costs_no_more_than_the_deadline() {
    // It accepts connections and never speaks.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peers = peers([silent.local_addr().unwrap()]).await;
    let status = peers
        .call(Deadline(Duration::from_millis(200)), check)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

/// It speaks HTTP/2, takes a request, and breaks the connection under it.
async fn breaks_off() -> SocketAddr {
    takes_requests(drop).await
}

/// The same, but the connection stays open.
async fn takes_and_is_silent() -> SocketAddr {
    takes_requests(std::mem::forget).await
}

async fn takes_requests(then: fn(TcpStream)) -> SocketAddr {
    const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut taken = Vec::new();
            stream.write_all(&SETTINGS).await.unwrap();
            // The path of the call stands there as it is, or not much shorter.
            while taken.len() < 150 {
                assert_ne!(stream.read_buf(&mut taken).await.unwrap(), 0);
            }
            then(stream);
        }
    });
    address
}

#[tokio::test]
async fn what_breaks_under_a_call_may_have_happened() {
    let peers = peers([breaks_off().await, breaks_off().await]).await;
    let repeated = peers.call(DEADLINE, check).await.unwrap_err();
    assert_eq!(repeated.code(), Code::DeadlineExceeded, "{repeated:?}");
    let once = peers.call_once(DEADLINE, check).await.unwrap_err();
    assert_eq!(once.code(), Code::DeadlineExceeded, "{once:?}");
}

#[tokio::test]
async fn what_broke_once_may_have_happened_even_if_nobody_else_is_there() {
    let nobody = Replica::start().await;
    let peers = peers([breaks_off().await, nobody.address]).await;
    nobody.stop().await;
    let status = peers.call(DEADLINE, check).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
}

#[tokio::test]
async fn what_is_given_up_by_the_keep_alive_may_have_happened() {
    // It takes the request, and never speaks again.
    let peers = peers([takes_and_is_silent().await]).await;
    let patient = Deadline(Duration::from_secs(30));
    let status = peers.call_once(patient, check).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    assert!(status.message().starts_with("no answer came"), "{status:?}");
}

#[tokio::test]
async fn nobody_to_call_is_unavailable_at_once() {
    let peers = peers([]).await;
    assert_eq!(
        peers.call(DEADLINE, check).await.unwrap_err().code(),
        Code::Unavailable
    );
}
