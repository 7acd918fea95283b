//! Uploads in the words of the seeds that have them: switched on, and switched off.

use std::time::Duration;

use confab_e2e::{Cluster, node, scratch};
use confab_testkit::eventually_within;

use super::{cluster, prefix};

/// How long a start may take on a machine that does other things too.
const START: Duration = Duration::from_secs(60);
/// What operators say of where their gateways are, in the runs under a prefix.
const PUBLIC: &str = "https://chat.example.com";

/// With the dialect under its prefix addresses of uploads are whole, at the root they are paths.
async fn uploads(dialect: &str, root: &str) {
    let folder = scratch("dialect-media");
    let prefix = prefix(dialect, root);
    let public = if prefix.is_empty() { "" } else { PUBLIC };
    let settings = [
        ("MEDIA_STORE", folder.to_str().unwrap()),
        ("PUBLIC_URL", public),
    ];
    let (_cluster, balancer) = cluster(root, &settings).await;
    are_shown(dialect, &balancer.url, &prefix, public).await;
}

async fn are_shown(dialect: &str, url: &str, prefix: &str, public: &str) {
    let path = format!("clients/{dialect}/upload.mjs");
    let arguments = [
        "--url",
        url,
        "--prefix",
        prefix,
        "--uploads",
        "on",
        "--public",
        public,
    ];
    node(&path, &arguments).await.succeeds();
}

/// All gateways start, and find that message-store is not there yet.
async fn come_before_message_store(cluster: &mut Cluster) {
    cluster.message_stores[0].process.kill().await;
    for gateway in &mut cluster.gateways {
        gateway.process.kill().await;
        gateway.restart();
    }
    for gateway in &cluster.gateways {
        eventually_within(START, "a gateway has no key to sign with", async || {
            let log = gateway.process.log();
            log.contains("addresses of uploads cannot be signed")
                .then_some(())
        })
        .await;
    }
    cluster.message_stores[0].restart();
    cluster.ready().await;
}

/// There is a place for them, and an operator who does not want them.
async fn are_refused(dialect: &str, root: &str) {
    let folder = scratch("dialect-media");
    let settings = [("MEDIA_STORE", folder.to_str().unwrap()), ("MEDIA", "off")];
    let (_cluster, balancer) = cluster(root, &settings).await;
    let path = format!("clients/{dialect}/upload.mjs");
    let (url, prefix) = (&balancer.url, prefix(dialect, root));
    let arguments = ["--url", url, "--prefix", &prefix, "--uploads", "off"];
    node(&path, &arguments).await.succeeds();
}

#[tokio::test]
async fn pictures_of_chatspace_are_shown_to_who_gets_them_under_its_prefix() {
    uploads("chatspace", "native").await;
}

#[tokio::test]
async fn pictures_of_chatspace_are_shown_to_who_gets_them_at_the_root() {
    uploads("chatspace", "chatspace").await;
}

#[tokio::test]
async fn pictures_of_chatspace_are_shown_by_gateways_that_were_there_before_message_store() {
    let folder = scratch("dialect-media");
    let settings = [("MEDIA_STORE", folder.to_str().unwrap())];
    let (mut cluster, balancer) = cluster("chatspace", &settings).await;
    come_before_message_store(&mut cluster).await;
    are_shown("chatspace", &balancer.url, "", "").await;
}

#[tokio::test]
async fn pictures_of_chatspace_are_refused_as_in_the_seed_where_uploads_are_off() {
    are_refused("chatspace", "native").await;
    are_refused("chatspace", "chatspace").await;
}

#[tokio::test]
async fn files_of_social_are_shown_to_who_gets_them_under_its_prefix() {
    uploads("social", "native").await;
}

#[tokio::test]
async fn files_of_social_are_shown_to_who_gets_them_at_the_root() {
    uploads("social", "social").await;
}

#[tokio::test]
async fn files_of_social_are_refused_where_uploads_are_off() {
    are_refused("social", "native").await;
}
