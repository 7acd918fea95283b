//! Uploads in the words of the seeds that have them: switched on, and switched off.

use confab_e2e::{node, scratch};

use super::{cluster, prefix};

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
    let path = format!("clients/{dialect}/upload.mjs");
    let arguments = [
        "--url",
        &balancer.url,
        "--prefix",
        &prefix,
        "--uploads",
        "on",
        "--public",
        public,
    ];
    node(&path, &arguments).await.succeeds();
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
