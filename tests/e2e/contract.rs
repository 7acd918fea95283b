//! What the documents promise, and what the servers do.

use confab_e2e::{Cluster, Rest, node, python};

#[tokio::test]
async fn what_the_documents_name_is_there_and_what_they_do_not_name_is_noticed() {
    let cluster = Cluster::start().await;
    node("clients/contract.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
}

#[tokio::test]
async fn whatever_is_asked_the_answer_is_in_the_document() {
    let cluster = Cluster::start().await;
    let url = &cluster.gateways[0].url;
    let token = Rest::new(url).sign_up("mallory").await.token;
    python(&["clients/fuzz.py", url, &token]).await.succeeds();
}

#[tokio::test]
async fn the_documentation_shows_every_operation_and_asks_nobody_else() {
    let cluster = Cluster::start().await;
    node("browser/docs.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
}
