//! The client of each seed talks to a cluster as the seed says: under its prefix, and at the root.

mod issuers;
mod together;
mod uploads;

use confab_e2e::{Balancer, Cluster, Plan, node};
use confab_testkit::eventually;

use crate::limits::PATIENCE;

/// Two gateways behind a balancer, with a dialect at the root and further settings.
async fn cluster(root: &str, settings: &[(&'static str, &str)]) -> (Cluster, Balancer) {
    let root = ("GATEWAY_ROOT_DIALECT", root);
    let settings = settings.iter().chain([&root]);
    let env = settings.map(|(name, value)| (*name, (*value).to_owned()));
    let mut cluster = Cluster::planned(Plan {
        env: env.collect(),
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

/// Where a dialect is, if this one is at the root.
fn prefix(dialect: &str, root: &str) -> String {
    if dialect == root {
        String::new()
    } else {
        format!("/{dialect}")
    }
}

/// Runs scenarios of a seed with the stock client, under its prefix or at the root.
async fn runs(dialect: &str, root: &str, scenarios: &[&str]) {
    let (_cluster, balancer) = cluster(root, &[]).await;
    for scenario in scenarios {
        let path = format!("clients/{dialect}/{scenario}.mjs");
        let arguments = ["--url", &balancer.url, "--prefix", &prefix(dialect, root)];
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

#[tokio::test]
async fn the_native_client_works_under_its_prefix() {
    runs("native", "daylog", &["checklist", "docs"]).await;
}

#[tokio::test]
async fn the_native_client_works_at_the_root() {
    runs("native", "native", &["checklist", "docs"]).await;
}

/// With the limits that there are by default.
async fn is_limited(dialect: &str, root: &str) {
    let (cluster, _balancer) = cluster(root, &[("RATE_LIMITS", "on"), PATIENCE]).await;
    let (urls, prefix) = (cluster.urls(), prefix(dialect, root));
    let arguments = ["--url", &urls, "--prefix", &prefix];
    let path = format!("clients/{dialect}/limits.mjs");
    node(&path, &arguments).await.succeeds();
}

#[tokio::test]
async fn the_limits_of_social_are_those_of_its_seed_under_its_prefix() {
    is_limited("social", "native").await;
}

#[tokio::test]
async fn the_limits_of_social_are_those_of_its_seed_at_the_root() {
    is_limited("social", "social").await;
}

#[tokio::test]
async fn the_native_limits_are_those_of_its_seed_under_its_prefix() {
    is_limited("native", "social").await;
}

#[tokio::test]
async fn the_native_limits_are_those_of_its_seed_at_the_root() {
    is_limited("native", "native").await;
}
