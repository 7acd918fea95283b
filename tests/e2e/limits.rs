//! Rate limits that two gateways share, and what becomes of them without Redis.

use std::sync::Arc;

use confab_e2e::{Balancer, Cluster, Control, Plan, node};
use confab_testkit::{Proxy, Redis};

/// Low enough to be used up, slow enough not to be full again meanwhile; `clients/limits` knows them.
const LIMITS: [(&str, &str); 13] = [
    ("RATE_LIMITS", "on"),
    // Other tests run beside this one; it is about Redis, not about doing without.
    ("LIMIT_DEADLINE", "900ms"),
    ("LIMIT_MESSAGES", "5/20s"),
    ("LIMIT_TYPING", "3/30s"),
    ("LIMIT_EVENTS", "30/30s"),
    ("LIMIT_HANDSHAKES", "4/12s"),
    ("LIMIT_SIGNUPS", "3/6s"),
    ("LIMIT_LOGINS", "20/1m"),
    ("LIMIT_LOGIN_FAILURES", "3/1h"),
    ("LIMIT_ACCOUNT_FAILURES", "6/1h"),
    ("LIMIT_REFRESHES", "3/6s"),
    ("LIMIT_REST", "20/20s"),
    ("CORS_ORIGINS", "https://app.example.com"),
];

fn environment(limits: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let owned = limits
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    owned.collect()
}

#[tokio::test]
async fn every_limit_is_shared_by_the_gateways_and_says_truly_when_to_come_back() {
    let mut cluster = Cluster::planned(Plan {
        env: environment(&LIMITS),
        ..Plan::default()
    })
    .await;
    let balancer = Balancer::before(&mut cluster).await;
    let arguments = ["--url", &balancer.url, "--gateways", &cluster.urls()];
    node("clients/limits.mjs", &arguments).await.succeeds();

    let mut metrics = String::new();
    for gateway in &cluster.gateways {
        let page = reqwest::get(format!("{}/metrics", gateway.admin))
            .await
            .unwrap();
        metrics.push_str(&page.text().await.unwrap());
    }
    let budgets = [
        "messages",
        "typing",
        "events",
        "handshakes",
        "signups",
        "logins",
        "login_failures",
        "account_failures",
        "refreshes",
        "rest",
    ];
    for budget in budgets {
        let counted = format!("confab_gateway_rate_limited_total{{budget=\"{budget}\"}}");
        assert!(metrics.contains(&counted), "{counted} in:\n{metrics}");
    }
    assert!(
        !metrics.contains("confab_limit_local_decisions_total"),
        "a gateway decided without Redis, so not all of this was shared"
    );
}

#[tokio::test]
async fn while_redis_is_cut_each_gateway_gives_out_its_share_and_sends_work() {
    let redis = Redis::fresh();
    let proxy = Arc::new(Proxy::to(redis.url.trim_start_matches("redis://")).await);
    let limits = [
        ("RATE_LIMITS", "on"),
        ("LIMIT_DEADLINE", "900ms"),
        ("LIMIT_MESSAGES", "6/10m"),
        ("LIMIT_REST", "600/10m"),
    ];
    let cluster = Cluster::planned(Plan {
        gateways_redis: Some(format!("redis://{}", proxy.address)),
        env: environment(&limits),
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
    node("clients/unshared.mjs", &arguments).await.succeeds();
    for gateway in &cluster.gateways {
        let log = gateway.process.log();
        for line in [
            "budgets are not shared any more",
            "budgets are shared among the replicas again",
        ] {
            assert_eq!(log.matches(line).count(), 1, "{line:?} in:\n{log}");
        }
    }
}
