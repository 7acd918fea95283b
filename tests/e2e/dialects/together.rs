//! All dialects at once, in one room and in one cluster.

use confab_e2e::{Cluster, node};

use super::known_to_each_other;

async fn runs(scenario: &str) {
    let cluster = Cluster::start().await;
    known_to_each_other(&cluster).await;
    node(scenario, &["--url", &cluster.urls()]).await.succeeds();
}

#[tokio::test]
async fn all_dialects_in_one_room_hear_each_other_once_in_their_own_words() {
    runs("clients/dialects.mjs").await;
}

#[tokio::test]
async fn who_is_connected_hears_all_that_is_said_from_then_on() {
    runs("clients/at-once.mjs").await;
}

#[tokio::test]
async fn who_comes_into_a_group_later_is_seen_there_and_sees_the_others_without_connecting_anew() {
    runs("clients/contacts.mjs").await;
}

#[tokio::test]
async fn a_change_is_put_into_words_once_for_each_dialect_in_use_on_a_gateway() {
    let cluster = Cluster::start().await;
    let admins: Vec<_> = cluster
        .gateways
        .iter()
        .map(|gateway| gateway.admin.as_str())
        .collect();
    let (urls, admins) = (cluster.urls(), admins.join(","));
    let arguments = ["--url", &urls, "--admins", &admins];
    node("clients/rendering.mjs", &arguments).await.succeeds();
}
