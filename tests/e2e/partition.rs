//! Redis goes away, comes back, forgets: sends are acknowledged meanwhile, and nobody misses anything.

use std::sync::Arc;

use confab_e2e::{Cluster, Control, Plan, node};
use confab_testkit::{Proxy, Redis, RedisAlone};
use parking_lot::Mutex;

/// Runs a scenario on a cluster whose gateways lose Redis when the scenario says so.
async fn runs_with_a_line_to_cut(scenario: &str) {
    let redis = Redis::fresh();
    let proxy = Arc::new(Proxy::to(redis.url.trim_start_matches("redis://")).await);
    let gateways_redis = Some(format!("redis://{}", proxy.address));
    let cluster = Cluster::planned(Plan {
        gateways_redis,
        ..Plan::default()
    })
    .await;
    let control = Control::serve(move |command| {
        match command.as_str() {
            "cut" => proxy.cut(),
            "mend" => proxy.mend(),
            other => panic!("unknown command {other:?}"),
        }
        std::future::ready(())
    })
    .await;
    let arguments = ["--url", &cluster.urls(), "--control", &control.url];
    node(scenario, &arguments).await.succeeds();
}

#[tokio::test]
async fn messages_sent_while_redis_is_gone_arrive_when_it_is_back() {
    runs_with_a_line_to_cut("clients/partition.mjs").await;
}

/// Runs a scenario on a cluster whose Redis is killed, and started again empty, when the scenario says so.
async fn runs_with_a_redis_to_kill(scenario: &str, arguments: &[&str]) -> Cluster {
    let redis = RedisAlone::start().await;
    let cluster = Cluster::planned(Plan {
        redis: Some(redis.url.clone()),
        ..Plan::default()
    })
    .await;
    let redis = Arc::new(Mutex::new(redis));
    let control = Control::serve(move |command| {
        match command.as_str() {
            "cut" => redis.lock().kill(),
            "mend" => redis.lock().restart(),
            other => panic!("unknown command {other:?}"),
        }
        std::future::ready(())
    })
    .await;
    let (urls, control) = (cluster.urls(), control.url);
    let places = ["--url", &urls, "--control", &control];
    node(scenario, &[&places, arguments].concat())
        .await
        .succeeds();
    cluster
}

#[tokio::test]
async fn redis_killed_for_ten_seconds_under_load_costs_no_message() {
    let cluster = runs_with_a_redis_to_kill("clients/partition.mjs", &["--away", "10"]).await;
    for gateway in &cluster.gateways {
        for name in [
            "confab_gateway_holes_total",
            "confab_gateway_filled_changes_total",
            "confab_gateway_fill_seconds_count",
        ] {
            let counted = counted(&gateway.admin, name).await;
            assert!(counted > 0.0, "{name} of {} is {counted}", gateway.url);
        }
    }
}

#[tokio::test]
async fn nobody_is_said_to_be_gone_because_redis_was_killed_again_and_again() {
    runs_with_a_redis_to_kill("clients/partition.mjs", &["--again", "14000"]).await;
}

/// The value of a metric without labels.
async fn counted(admin: &str, name: &str) -> f64 {
    let metrics = reqwest::get(format!("{admin}/metrics")).await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let value = metrics.lines().find_map(|line| {
        let (found, value) = line.split_once(' ')?;
        (found == name).then(|| value.parse().ok())?
    });
    value.unwrap_or_default()
}

#[tokio::test]
async fn who_comes_back_while_redis_does_gets_nothing_again() {
    runs_with_a_line_to_cut("clients/returning.mjs").await;
}

#[tokio::test]
async fn users_are_online_again_by_themselves_when_redis_has_lost_its_data() {
    let cluster = Cluster::start().await;
    let redis = cluster.redis.clone();
    let control = Control::serve(move |_| {
        let redis = redis.clone();
        async move { redis.forget().await }
    })
    .await;
    let arguments = ["--url", &cluster.urls(), "--control", &control.url];
    node("clients/forgotten.mjs", &arguments).await.succeeds();
}
