//! The chaos suite in short: what `cargo xtask chaos` does for half an hour, for half a minute, but for the
//! stores, which other tests use at the same time.

use std::path::PathBuf;

use confab_e2e::{Cluster, Plan, Script, chaos, scratch};
use serde_json::Value;

/// Breaks a cluster; answers how the program ended, and what it wrote.
async fn breaks(name: &str, env: &[(&'static str, &str)], arguments: &[&str]) -> (Script, Value) {
    let special = [
        // What is broken here is processes; tokens that run out are another test's concern.
        ("ACCESS_TOKEN_TTL", "24h"),
        ("DRAIN_TIME", "1s"),
    ];
    let env = [&special, env].concat();
    let cluster = Cluster::planned(Plan {
        gateways: 3,
        message_stores: 2,
        env: env
            .into_iter()
            .map(|(key, value)| (key, value.to_owned()))
            .collect(),
        ..Plan::default()
    })
    .await;
    let folder: PathBuf = scratch(name);
    let (file, report) = (folder.join("cluster.json"), folder.join("report.json"));
    std::fs::write(&file, cluster.described().to_string()).unwrap();
    let files = [
        "--cluster",
        file.to_str().unwrap(),
        "--json",
        report.to_str().unwrap(),
    ];
    let script = chaos(&[&files, arguments].concat()).await;
    let report = std::fs::read(&report).ok();
    let report = report.and_then(|text| serde_json::from_slice(&text).ok());
    (script, report.unwrap_or_default())
}

#[tokio::test]
async fn whatever_breaks_for_half_a_minute_nothing_is_lost_doubled_or_out_of_order() {
    let (script, report) = breaks("chaos", &[], &["--duration", "30s", "--seed", "5"]).await;
    script.succeeds();
    let outcome = &report["outcome"];
    assert!(
        report["faults"]
            .as_array()
            .is_some_and(|faults| faults.len() >= 3),
        "{report}"
    );
    assert!(outcome["acked"].as_u64() > Some(500), "{outcome}");
}

#[tokio::test]
async fn a_gateway_that_leaves_holes_is_found_out() {
    let env = [("HOLES", "left")];
    let (script, report) = breaks("holes", &env, &["--duration", "20s", "--seed", "5"]).await;
    assert!(!script.succeeded, "it noticed nothing: {}", script.output);
    assert!(
        report["outcome"]["lost"].as_u64() > Some(0),
        "{report} {}",
        script.output
    );
}
