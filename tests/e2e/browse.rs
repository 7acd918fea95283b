//! The page, in a real browser.

use confab_e2e::{Cluster, node};

#[tokio::test]
async fn two_windows_on_two_gateways_sign_up_and_chat() {
    let cluster = Cluster::start().await;
    node("browser/chat.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
}

#[tokio::test]
async fn a_window_that_was_offline_catches_up_and_sends_what_it_kept() {
    let cluster = Cluster::start().await;
    node("browser/reconnect.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
}
