//! One message is one trace, from the sender's gateway to the receiver's.

use std::collections::BTreeSet;

use confab_e2e::{Cluster, Collector, Plan, node};
use confab_testkit::eventually;

#[tokio::test]
async fn a_message_can_be_followed_through_every_service_to_the_other_gateway() {
    let collector = Collector::start().await;
    let endpoint = format!("http://{}", collector.address);
    let env = vec![("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)];
    let cluster = Cluster::planned(Plan {
        env,
        ..Plan::default()
    })
    .await;
    let arguments = [
        "--url",
        &cluster.urls(),
        "--users",
        "2",
        "--messages",
        "2",
        "--transports",
        "websocket",
    ];
    node("clients/deliver.mjs", &arguments).await.succeeds();

    eventually(
        "a trace goes from an event to a delivery on each gateway",
        async || {
            let spans = collector.spans();
            spans
                .iter()
                .filter(|span| span.name == "message:send")
                .find_map(|sent| {
                    let trace: Vec<_> = spans
                        .iter()
                        .filter(|span| span.trace == sent.trace)
                        .collect();
                    let services: BTreeSet<_> =
                        trace.iter().map(|span| span.service.as_str()).collect();
                    let deliveries = trace.iter().filter(|span| span.name == "deliver").count();
                    let complete = services
                        .is_superset(&BTreeSet::from(["confab-gateway", "confab-message-store"]));
                    (complete && deliveries == 2).then_some(())
                })
        },
    )
    .await;
}

#[tokio::test]
async fn a_log_line_carries_the_trace_and_the_request_it_belongs_to() {
    let env = vec![("LOG_LEVEL", "info,confab_gateway=debug".to_owned())];
    let cluster = Cluster::planned(Plan {
        env,
        ..Plan::default()
    })
    .await;
    let client = reqwest::Client::new();
    let answer = client
        .get(format!("{}/api/users/me", cluster.gateways[0].url))
        .header(
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        )
        .header("x-request-id", "operator-42")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["x-request-id"], "operator-42");
    let problem: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(problem["trace_id"], "0af7651916cd43dd8448eb211c80319c");

    eventually("the refusal is in the log", async || {
        let log = cluster.gateways[0].process.log();
        let mut lines = log
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        lines
            .find(|line| line["message"] == "a request was refused")
            .filter(|line| line["trace_id"] == "0af7651916cd43dd8448eb211c80319c")
            .filter(|line| line["request.id"] == "operator-42")
    })
    .await;
}
