//! What an operator does with grpcurl and curl.

use confab_e2e::{Cluster, python};
use confab_testkit::eventually;

async fn reflect(arguments: &[&str]) -> String {
    let script = python(&[&["clients/reflect.py"], arguments].concat()).await;
    assert!(script.succeeded, "{arguments:?}: {}", script.output);
    script.output
}

#[tokio::test]
async fn every_grpc_server_tells_its_services_and_its_health_and_can_be_called_by_hand() {
    let cluster = Cluster::start().await;
    let servers = [
        (
            &cluster.auth.grpc,
            "confab.auth.v1.AuthService",
            "ListSigningKeys",
            "{}",
        ),
        (
            &cluster.message_stores[0].grpc,
            "confab.message.v1.MessageService",
            "ListHeads",
            "{}",
        ),
        (
            &cluster.presence.grpc,
            "confab.presence.v1.PresenceService",
            "Query",
            "{}",
        ),
        (
            &cluster.gateways[0].grpc,
            "confab.gateway.v1.GatewayService",
            "Describe",
            "{}",
        ),
    ];
    for (address, service, method, request) in servers {
        assert!(
            reflect(&["list", address]).await.contains(service),
            "{service}"
        );
        assert!(
            reflect(&["health", address, service])
                .await
                .contains("SERVING"),
            "{service}"
        );
        reflect(&["call", address, &format!("{service}/{method}"), request]).await;
    }
}

#[tokio::test]
async fn the_metrics_of_every_process_are_there() {
    let cluster = Cluster::start().await;
    let account = cluster.rest(0).sign_up("ada").await;
    let room = cluster.rest(0).group(&account, &[]).await;
    cluster
        .rest(0)
        .send(&account, &room, "1")
        .await
        .expect("the message is acknowledged");
    for name in [
        "confab_gateway_http_duration_seconds",
        "confab_bus_published_events_total",
    ] {
        // What is published is counted when Redis has it, which may be after the acknowledgement.
        eventually(name, async || {
            let metrics = reqwest::get(format!("{}/metrics", cluster.gateways[0].admin));
            let metrics = metrics.await.unwrap().text().await.unwrap();
            metrics.contains(name).then_some(())
        })
        .await;
    }
}
