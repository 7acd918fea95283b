//! What the documents promise, and what the servers do.

use confab_e2e::{Cluster, Plan, Rest, node, python, scratch};

/// A cluster in which everything is there that is documented.
async fn whole() -> Cluster {
    let folder = scratch("contract");
    let media = ("MEDIA_STORE", folder.to_str().unwrap().to_owned());
    Cluster::planned(Plan {
        env: vec![media],
        ..Plan::default()
    })
    .await
}

#[tokio::test]
async fn what_the_documents_name_is_there_and_what_they_do_not_name_is_noticed() {
    let cluster = whole().await;
    node("clients/contract.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
}

#[tokio::test]
async fn whatever_is_asked_the_answer_is_in_the_document() {
    let cluster = whole().await;
    let url = &cluster.gateways[0].url;
    let token = Rest::new(url).sign_up("mallory").await.token;
    python(&["clients/fuzz.py", url, &token]).await.succeeds();
}

#[tokio::test]
async fn the_documentation_shows_every_operation_and_asks_nobody_else() {
    let cluster = whole().await;
    node("browser/docs.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
}

#[tokio::test]
async fn who_tries_everything_with_the_ids_of_others_learns_and_changes_nothing() {
    let cluster = whole().await;
    node("clients/stranger.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
}
