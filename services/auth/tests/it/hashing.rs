//! Passwords are dear to hash; the rest of the service must not feel it.

use std::time::Duration;

use confab_fault::{Fault, Kind};
use confab_proto::auth::ListSigningKeysRequest;
use confab_testkit::Mongo;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::service::{Service, log_in, somebody};

/// A hash then takes some tenths of a second: long enough to get in between.
const DEAR: [&str; 2] = ["--bcrypt-cost", "12"];

fn cores() -> usize {
    std::thread::available_parallelism().unwrap().get()
}

#[tokio::test]
async fn other_calls_are_answered_while_passwords_are_hashed() {
    let service = Service::start_with(&Mongo::fresh(), &DEAR).await;
    let people = cores() * 3;
    let mut signing_up: FuturesUnordered<_> = (0..people)
        .map(|i| {
            let mut client = service.client.clone();
            tokio::spawn(async move { client.sign_up(somebody(&format!("person{i}"))).await })
        })
        .collect();
    signing_up.next().await.unwrap().unwrap().unwrap();
    // One is through, so the cores are busy with the next ones.
    service
        .client
        .clone()
        .list_signing_keys(ListSigningKeysRequest {})
        .await
        .unwrap();
    let waiting = signing_up.iter().filter(|task| !task.is_finished()).count();
    assert!(
        waiting >= cores(),
        "{waiting} of {people} were still being hashed"
    );
    while let Some(answer) = signing_up.next().await {
        answer.unwrap().unwrap();
    }
}

#[tokio::test]
async fn when_too_many_wait_the_next_is_told_to_come_back_and_nobody_is_harmed() {
    let service = Service::start_with(&Mongo::fresh(), &DEAR).await;
    // Unknown accounts cost as much as known ones; were they cheap, no queue would build up here.
    let mut calls: FuturesUnordered<_> = (0..cores() * 60)
        .map(|_| {
            let mut client = service.client.clone();
            async move { client.log_in(log_in("no such name", "some password")).await }
        })
        .collect();
    let refused = loop {
        let fault = Fault::from(
            calls
                .next()
                .await
                .expect("the queue has an end")
                .unwrap_err(),
        );
        if fault.reason() == "PASSWORD_HASHING_BUSY" {
            break fault;
        }
    };
    assert_eq!(refused.kind(), Kind::Limited);
    assert!(
        refused.wait().unwrap() >= Duration::from_secs(1),
        "it says when to come back"
    );
    drop(calls);
    // Those who went away have left the queue: the next one does not wait for their hashes.
    confab_testkit::eventually("the queue has room again", || async {
        service.client.clone().sign_up(somebody("ann")).await.ok()
    })
    .await;
}
