//! Clients that do not read, or are not there any more: they cost the others nothing, and a bounded amount of memory.

use confab_e2e::{Cluster, Control, Plan, node};
use confab_testkit::Proxy;

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

#[tokio::test]
async fn a_client_that_is_cut_off_without_a_word_is_found_by_its_heartbeat() {
    // Longer than the machine stalls, which would cut everybody off; and a debounce in which who is back is in time,
    // though the gateway may notice a silence one timeout before the client does.
    let env = [
        ("PING_INTERVAL", "4s"),
        ("PING_TIMEOUT", "4s"),
        ("OFFLINE_DEBOUNCE", "12s"),
    ];
    let cluster = Cluster::planned(Plan {
        gateways: 1,
        env: env.map(|(key, value)| (key, value.to_owned())).to_vec(),
        ..Plan::default()
    })
    .await;
    let url = cluster.urls();
    let line = Proxy::to(url.trim_start_matches("http://")).await;
    let through = format!("http://{}", line.address);
    let control = Control::serve(move |_| {
        line.silence();
        std::future::ready(())
    })
    .await;
    let arguments = [
        "--url",
        &url,
        "--through",
        &through,
        "--control",
        &control.url,
    ];
    node("clients/half-open.mjs", &arguments).await.succeeds();
}
