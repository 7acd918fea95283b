//! A client that does not read costs the others nothing, and a bounded amount of memory.

use confab_e2e::{Cluster, Plan, node};

async fn is_closed_and_comes_back(transports: &str) {
    let cluster = Cluster::planned(Plan {
        gateways: 1,
        ..Plan::default()
    })
    .await;
    node(
        "clients/slow.mjs",
        &["--url", &cluster.urls(), "--transports", transports],
    )
    .await
    .succeeds();
    let metrics = reqwest::get(format!("{}/metrics", cluster.gateways[0].admin))
        .await
        .unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(
        metrics.contains("confab_gateway_overflowed_sockets_total 1"),
        "{metrics}"
    );
}

#[tokio::test]
async fn a_websocket_client_that_does_not_read_is_closed_and_comes_back() {
    is_closed_and_comes_back("websocket").await;
}

#[tokio::test]
async fn an_upgraded_client_that_does_not_read_is_closed_and_comes_back() {
    is_closed_and_comes_back("default").await;
}
