//! The client of each seed talks to a cluster as the seed says: under its prefix, and at the root; and all
//! dialects at once in one room.

use std::path::Path;

use confab_e2e::{Balancer, Cluster, Plan, Process, node};
use confab_testkit::{PortBlock, eventually};

/// What the issuers' tokens are for.
const AUDIENCE: &str = "confab-tests";

/// Two gateways behind a balancer, with a dialect at the root.
async fn cluster(root: &str, issuers: &[&Issuer]) -> (Cluster, Balancer) {
    cluster_with(root, issuers, None).await
}

/// The same with one further setting.
async fn cluster_with(
    root: &str,
    issuers: &[&Issuer],
    setting: Option<(&'static str, &str)>,
) -> (Cluster, Balancer) {
    let trusted: Vec<_> = issuers
        .iter()
        .map(|one| serde_json::json!({ "issuer": one.url, "audience": AUDIENCE }))
        .collect();
    let mut env = vec![
        ("GATEWAY_ROOT_DIALECT", root.to_owned()),
        ("EXTERNAL_ISSUERS", serde_json::to_string(&trusted).unwrap()),
    ];
    env.extend(setting.map(|(name, value)| (name, value.to_owned())));
    let mut cluster = Cluster::planned(Plan {
        env,
        ..Plan::default()
    })
    .await;
    known_to_each_other(&cluster).await;
    let balancer = Balancer::before(&mut cluster).await;
    (cluster, balancer)
}

/// The scenarios tell a refusal by the first error: no request may come to a gateway that does not know yet
/// where to hand it on, as in the first moments of a cluster.
async fn known_to_each_other(cluster: &Cluster) {
    for one in &cluster.gateways {
        for other in &cluster.gateways {
            eventually("the gateways know each other", async || {
                let place = |url: &str| format!("{url}/socket.io/?EIO=4&transport=polling");
                let opened = reqwest::get(place(&one.url))
                    .await
                    .ok()?
                    .text()
                    .await
                    .ok()?;
                let opened: serde_json::Value = serde_json::from_str(opened.get(1..)?).ok()?;
                let handed_on = format!("{}&sid={}", place(&other.url), opened["sid"].as_str()?);
                // A close packet: the session is not to be left behind.
                let request = reqwest::Client::new().post(handed_on).body("1");
                request
                    .send()
                    .await
                    .ok()?
                    .status()
                    .is_success()
                    .then_some(())
            })
            .await;
        }
    }
}

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
}

/// Runs scenarios of a seed with the stock client, under its prefix or at the root.
async fn runs(dialect: &str, root: &str, scenarios: &[&str]) {
    let (_cluster, balancer) = cluster(root, &[]).await;
    let prefix = if dialect == root {
        String::new()
    } else {
        format!("/{dialect}")
    };
    for scenario in scenarios {
        let path = format!("clients/{dialect}/{scenario}.mjs");
        let arguments = ["--url", &balancer.url, "--prefix", &prefix];
        node(&path, &arguments).await.succeeds();
    }
}

#[tokio::test]
async fn the_client_of_daylog_works_under_its_prefix() {
    runs("daylog", "native", &["checklist"]).await;
}

#[tokio::test]
async fn the_client_of_daylog_works_at_the_root() {
    runs("daylog", "daylog", &["checklist"]).await;
}

#[tokio::test]
async fn the_client_of_chatspace_works_under_its_prefix() {
    runs("chatspace", "native", &["checklist"]).await;
}

#[tokio::test]
async fn the_client_of_chatspace_works_at_the_root() {
    runs("chatspace", "chatspace", &["checklist"]).await;
}

#[tokio::test]
async fn the_client_of_social_works_under_its_prefix() {
    runs("social", "native", &["checklist", "rest", "rules", "later"]).await;
}

#[tokio::test]
async fn the_client_of_social_works_at_the_root() {
    runs("social", "social", &["checklist", "rest", "rules", "later"]).await;
}

async fn heretics(root: &str, prefix: &str) {
    let mut ports = PortBlock::take();
    let issuer = Issuer::start(&mut ports).await;
    let (_cluster, balancer) = cluster(root, &[&issuer]).await;
    let arguments = [
        "--url",
        &balancer.url,
        "--prefix",
        prefix,
        "--issuer",
        &issuer.url,
    ];
    node("clients/heretics/checklist.mjs", &arguments)
        .await
        .succeeds();
}

#[tokio::test]
async fn the_client_of_heretics_works_under_its_prefix() {
    heretics("native", "/heretics").await;
}

#[tokio::test]
async fn the_client_of_heretics_works_at_the_root() {
    heretics("heretics", "").await;
}

#[tokio::test]
async fn who_is_vouched_for_elsewhere_comes_in_and_nobody_else() {
    let mut ports = PortBlock::take();
    let (one, other) = (
        Issuer::start(&mut ports).await,
        Issuer::start(&mut ports).await,
    );
    let (_cluster, balancer) = cluster("native", &[&one, &other]).await;
    let issuers = format!("{},{}", one.url, other.url);
    let arguments = ["--url", &balancer.url, "--issuer", &issuers];
    node("clients/heretics/identity.mjs", &arguments)
        .await
        .succeeds();
}

#[tokio::test]
async fn a_socket_outlives_a_token_that_its_client_cannot_renew() {
    let mut ports = PortBlock::take();
    let issuer = Issuer::start(&mut ports).await;
    let grace = Some(("SESSION_EXPIRY_GRACE", "2s"));
    let (_cluster, balancer) = cluster_with("native", &[&issuer], grace).await;
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

#[tokio::test]
async fn all_dialects_in_one_room_hear_each_other_once_in_their_own_words() {
    let cluster = Cluster::start().await;
    known_to_each_other(&cluster).await;
    node("clients/dialects.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
}
