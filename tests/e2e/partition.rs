//! Redis goes away, comes back, forgets: sends are acknowledged meanwhile, and nobody misses anything.

use std::sync::Arc;

use confab_e2e::{Cluster, Control, Plan, node};
use confab_testkit::{Proxy, Redis};

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
