//! The client of `heretics`, whose users come with tokens of issuers elsewhere.

use std::path::Path;

use confab_e2e::{Process, node};
use confab_testkit::{PortBlock, eventually};
use serde_json::{Value, json};

use super::{cluster, prefix};

/// What the issuers' tokens are for.
const AUDIENCE: &str = "confab-tests";

/// An issuer of tokens as Clerk is one: a process of its own, over HTTP.
struct Issuer {
    url: String,
    _process: Process,
}

impl Issuer {
    async fn start(ports: &mut PortBlock) -> Self {
        let port = ports.port().to_string();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/heretics/issuer.mjs");
        let arguments = ["node", script, "--port", &port];
        let process = Process::start(
            &format!("issuer@{port}"),
            Path::new("/usr/bin/env"),
            &arguments,
            &[],
        );
        let url = format!("http://127.0.0.1:{port}");
        let keys = format!("{url}/.well-known/jwks.json");
        eventually("the issuer serves", async || {
            confab_e2e::answers(&keys).await.then_some(())
        })
        .await;
        Self {
            url,
            _process: process,
        }
    }

    /// As gateways are told of it, to find its keys by themselves.
    fn trusted(&self) -> Value {
        json!({ "issuer": self.url, "audience": AUDIENCE })
    }

    /// One of its keys, as a person copies it into a setting.
    async fn public_key(&self, algorithm: &str) -> String {
        let place = format!("{}/key/{algorithm}", self.url);
        let answer = reqwest::get(place).await.unwrap();
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        answer["pem"].as_str().unwrap().to_owned()
    }
}

fn list(trusted: &[Value]) -> String {
    serde_json::to_string(trusted).unwrap()
}

async fn heretics(root: &str) {
    let mut ports = PortBlock::take();
    let issuer = Issuer::start(&mut ports).await;
    let trusted = list(&[issuer.trusted()]);
    let (_cluster, balancer) = cluster(root, &[("EXTERNAL_ISSUERS", &trusted)]).await;
    let arguments = [
        "--url",
        &balancer.url,
        "--prefix",
        &prefix("heretics", root),
        "--issuer",
        &issuer.url,
    ];
    node("clients/heretics/checklist.mjs", &arguments)
        .await
        .succeeds();
}

#[tokio::test]
async fn the_client_of_heretics_works_under_its_prefix() {
    heretics("native").await;
}

#[tokio::test]
async fn the_client_of_heretics_works_at_the_root() {
    heretics("heretics").await;
}

#[tokio::test]
async fn who_is_vouched_for_elsewhere_comes_in_and_nobody_else() {
    let mut ports = PortBlock::take();
    let (one, other) = (
        Issuer::start(&mut ports).await,
        Issuer::start(&mut ports).await,
    );
    let trusted = list(&[one.trusted(), other.trusted()]);
    let (_cluster, balancer) = cluster("native", &[("EXTERNAL_ISSUERS", &trusted)]).await;
    let issuers = format!("{},{}", one.url, other.url);
    let arguments = ["--url", &balancer.url, "--issuer", &issuers];
    node("clients/heretics/identity.mjs", &arguments)
        .await
        .succeeds();
}

#[tokio::test]
async fn an_issuer_is_known_by_discovery_by_the_place_of_its_keys_or_by_one_key() {
    let mut ports = PortBlock::take();
    let issuer = Issuer::start(&mut ports).await;
    let jwks = format!("{}/.well-known/jwks.json", issuer.url);
    let (rsa, ec) = (
        issuer.public_key("RS256").await,
        issuer.public_key("ES256").await,
    );
    let trusted = list(&[
        issuer.trusted(),
        json!({ "issuer": "by-place", "audience": AUDIENCE, "jwksUrl": jwks }),
        json!({ "issuer": "by-key", "audience": AUDIENCE, "publicKey": rsa }),
        json!({ "issuer": "by-another-key", "publicKey": ec }),
    ]);
    let (_cluster, balancer) = cluster("native", &[("EXTERNAL_ISSUERS", &trusted)]).await;
    let arguments = ["--url", &balancer.url, "--issuer", &issuer.url];
    node("clients/heretics/trust.mjs", &arguments)
        .await
        .succeeds();
}

#[tokio::test]
async fn a_socket_outlives_a_token_that_its_client_cannot_renew() {
    let mut ports = PortBlock::take();
    let issuer = Issuer::start(&mut ports).await;
    let trusted = list(&[issuer.trusted()]);
    let settings = [
        ("EXTERNAL_ISSUERS", &*trusted),
        ("SESSION_EXPIRY_GRACE", "2s"),
    ];
    let (_cluster, balancer) = cluster("native", &settings).await;
    let arguments = [
        "--url",
        &balancer.url,
        "--issuer",
        &issuer.url,
        "--grace",
        "2",
    ];
    node("clients/heretics/lasting.mjs", &arguments)
        .await
        .succeeds();
}
