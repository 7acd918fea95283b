//! What people see of each other across gateways, besides messages.

use confab_e2e::{Cluster, Plan, node};

async fn runs(scenario: &str) {
    let cluster = Cluster::start().await;
    node(scenario, &["--url", &cluster.urls()]).await.succeeds();
}

#[tokio::test]
async fn coming_and_going_is_told_to_those_who_watch_and_once() {
    runs("clients/presence.mjs").await;
}

#[tokio::test]
async fn messages_are_found_by_their_words_by_the_members_of_their_rooms_alone() {
    runs("clients/search.mjs").await;
}

#[tokio::test]
async fn messages_are_edited_deleted_answered_and_reacted_to_by_those_who_may() {
    runs("clients/messages.mjs").await;
}

#[tokio::test]
async fn who_was_away_learns_of_everything_that_changed_in_order_and_once() {
    runs("clients/sync.mjs").await;
}

#[tokio::test]
async fn who_is_added_hears_the_next_message_and_who_is_removed_hears_no_more() {
    runs("clients/membership.mjs").await;
}

#[tokio::test]
async fn how_far_one_has_read_is_told_to_the_others_and_to_ones_other_devices() {
    runs("clients/receipts.mjs").await;
}

/// A few histories, each another one; a seed that fails stays a seed that fails.
#[tokio::test]
async fn whatever_is_done_each_member_is_told_what_makes_up_the_store() {
    let cluster = Cluster::start().await;
    for seed in ["1", "2", "3"] {
        let arguments = ["--url", &cluster.urls(), "--seed", seed];
        node("clients/property.mjs", &arguments).await.succeeds();
    }
}

#[tokio::test]
async fn what_a_room_keeps_no_longer_looks_to_nobody_like_a_loss() {
    let often = ("RETENTION_EVERY", "100ms".to_owned());
    let cluster = Cluster::planned(Plan {
        env: vec![often],
        ..Plan::default()
    })
    .await;
    let outcome = node("clients/retention.mjs", &["--url", &cluster.urls()]).await;
    outcome.succeeds();
}

#[tokio::test]
async fn typing_is_told_to_the_other_members_alone() {
    runs("clients/typing.mjs").await;
}

#[tokio::test]
async fn who_stops_typing_at_once_is_not_heard_typing_on() {
    runs("clients/spells.mjs").await;
}

#[tokio::test]
async fn a_room_made_while_others_are_online_reaches_them_with_all_of_its_messages() {
    runs("clients/rooms.mjs").await;
}
