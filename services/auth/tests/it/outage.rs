//! A database that cannot be reached, or that is silent.

use std::net::SocketAddr;
use std::sync::Arc;

use confab_fault::Kind;
use confab_proto::auth::{ListSigningKeysRequest, ListSigningKeysResponse};
use confab_testkit::{Mongo, PortBlock, eventually};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tonic::Status;
use url::Url;

use crate::service::{Service, refusal};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    /// Connections are refused; those there were are gone.
    Cut,
    /// Connections stand, and nothing comes through.
    Silent,
}

/// The way to the database, in the test's hand.
struct Wire {
    mongo: Mongo,
    way: watch::Sender<Way>,
    _ports: PortBlock,
}

impl Wire {
    async fn lay() -> Self {
        let mongo = Mongo::fresh();
        let mut uri = Url::parse(&mongo.uri).unwrap();
        let target = format!(
            "{}:{}",
            uri.host_str().unwrap(),
            uri.port().unwrap_or(27_017)
        );
        // While it is cut, nobody else may take its port.
        let mut ports = PortBlock::take();
        let address = SocketAddr::from(([127, 0, 0, 1], ports.port()));
        let listener = TcpListener::bind(address).await.unwrap();
        let (way, watching) = watch::channel(Way::Open);
        tokio::spawn(run(address, Some(listener), target.into(), watching));
        uri.set_host(Some("127.0.0.1")).unwrap();
        uri.set_port(Some(address.port())).unwrap();
        if !uri.query().unwrap_or_default().contains("directConnection") {
            uri.query_pairs_mut()
                .append_pair("directConnection", "true");
        }
        Self {
            mongo: Mongo {
                uri: uri.to_string(),
                ..mongo
            },
            way,
            _ports: ports,
        }
    }

    fn becomes(&self, way: Way) {
        self.way.send(way).unwrap();
    }
}

async fn run(
    address: SocketAddr,
    mut listener: Option<TcpListener>,
    target: Arc<str>,
    mut way: watch::Receiver<Way>,
) {
    loop {
        let now = *way.borrow_and_update();
        if now == Way::Cut {
            listener = None;
            way.changed().await.unwrap();
            continue;
        }
        if listener.is_none() {
            listener = Some(TcpListener::bind(address).await.unwrap());
        }
        tokio::select! {
            changed = way.changed() => if changed.is_err() { return },
            accepted = listener.as_ref().unwrap().accept() => {
                tokio::spawn(carry(accepted.unwrap().0, target.clone(), way.clone()));
            }
        }
    }
}

/// Carries one connection's bytes as long as the way is open.
async fn carry(mut near: TcpStream, target: Arc<str>, mut way: watch::Receiver<Way>) {
    let mut far = TcpStream::connect(&*target).await.unwrap();
    loop {
        let now = *way.borrow_and_update();
        tokio::select! {
            changed = way.changed() => if changed.is_err() { return },
            _ = copy_bidirectional(&mut near, &mut far), if now == Way::Open => return,
        }
        if *way.borrow() == Way::Cut {
            return;
        }
    }
}

async fn asks(service: &Service) -> Result<ListSigningKeysResponse, Status> {
    let answer = service
        .client
        .clone()
        .list_signing_keys(ListSigningKeysRequest {})
        .await;
    answer.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn without_a_database_calls_are_refused_as_unavailable_until_it_is_back() {
    let wire = Wire::lay().await;
    let service = Service::start_with(&wire.mongo, &[]).await;
    wire.becomes(Way::Cut);
    eventually("calls are refused as unavailable", || async {
        let answer = asks(&service).await;
        // A call that was under way when the wire was cut may not know what became of it.
        (answer.is_err() && refusal(answer).0 == Kind::Unavailable).then_some(())
    })
    .await;
    wire.becomes(Way::Open);
    eventually("calls are answered again", || async {
        asks(&service).await.ok()
    })
    .await;
}

#[tokio::test]
async fn a_silent_database_is_not_waited_for_longer_than_the_deadline() {
    let wire = Wire::lay().await;
    let service = Service::start_with(&wire.mongo, &[]).await;
    wire.becomes(Way::Silent);
    let answer = tokio::time::timeout(std::time::Duration::from_secs(8), asks(&service)).await;
    let kind = refusal(answer.expect("there is a deadline")).0;
    assert!(
        matches!(kind, Kind::Timeout | Kind::Unavailable),
        "{kind:?}"
    );
}

#[tokio::test]
async fn a_start_waits_for_the_database() {
    let wire = Wire::lay().await;
    wire.becomes(Way::Cut);
    let mongo = wire.mongo.clone();
    let starting = tokio::spawn(async move { Service::start_with(&mongo, &[]).await });
    eventually("the port is closed", || async {
        let port = Url::parse(&wire.mongo.uri).unwrap().port().unwrap();
        TcpStream::connect(("127.0.0.1", port))
            .await
            .is_err()
            .then_some(())
    })
    .await;
    assert!(!starting.is_finished());
    wire.becomes(Way::Open);
    let service = starting.await.unwrap();
    asks(&service).await.unwrap();
}

#[tokio::test]
async fn callers_who_hang_up_do_not_hold_up_those_who_come_after_them() {
    let service = Service::start().await;
    for _ in 0..3 {
        let mut calls: FuturesUnordered<_> = (0..200).map(|_| asks(&service)).collect();
        calls.next().await.unwrap().unwrap();
        drop(calls);
        asks(&service).await.expect("an answer within the deadline");
    }
}
