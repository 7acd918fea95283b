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

/// Three for each core sign up, and somebody else calls when the first of them is through. Answers how many
/// were still being hashed when that call was answered.
async fn hashed_meanwhile(service: &Service, round: usize) -> usize {
    let mut signing_up: FuturesUnordered<_> = (0..cores() * 3)
        .map(|i| {
            let mut client = service.client.clone();
            let person = somebody(&format!("person{round}-{i}"));
            tokio::spawn(async move { client.sign_up(person).await })
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
    while let Some(answer) = signing_up.next().await {
        answer.unwrap().unwrap();
    }
    waiting
}

#[tokio::test]
async fn other_calls_are_answered_while_passwords_are_hashed() {
    let service = Service::start_with(&Mongo::fresh(), &DEAR).await;
    let mut waiting = Vec::new();
    // A machine that stalls may delay an answer for as long as the hashes take, but not each time.
    for round in 0..5 {
        let hashed = hashed_meanwhile(&service, round).await;
        if hashed >= cores() {
            return;
        }
        waiting.push(hashed);
    }
    panic!("so few were still being hashed, each time: {waiting:?}");
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
