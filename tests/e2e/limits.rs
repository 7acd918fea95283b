//! Rate limits that two gateways share, and what becomes of them without Redis.

use std::sync::Arc;

use confab_e2e::{Balancer, Cluster, Control, Plan, node};
use confab_testkit::{Proxy, Redis, eventually};

/// How long a gateway waits for Redis. Other tests run beside these; they are about Redis, not about doing without.
pub const PATIENCE: (&str, &str) = ("LIMIT_DEADLINE", "900ms");

/// Low enough to be used up, slow enough not to be full again meanwhile; `clients/limits` knows them.
const LIMITS: [(&str, &str); 13] = [
    ("RATE_LIMITS", "on"),
    PATIENCE,
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
    let arguments = [
        "--url",
        &balancer.url,
        "--gateways",
        &cluster.urls(),
        "--admins",
        &admins(&cluster),
    ];
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
}

/// The admin addresses of all gateways, with commas.
fn admins(cluster: &Cluster) -> String {
    let admins: Vec<_> = cluster
        .gateways
        .iter()
        .map(|gateway| gateway.admin.as_str())
        .collect();
    admins.join(",")
}

#[tokio::test]
async fn while_redis_is_cut_each_gateway_gives_out_its_share_and_sends_work() {
    let redis = Redis::fresh();
    let proxy = Arc::new(Proxy::to(redis.url.trim_start_matches("redis://")).await);
    let limits = [
        ("RATE_LIMITS", "on"),
        PATIENCE,
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
    let arguments = [
        "--url",
        &cluster.urls(),
        "--admins",
        &admins(&cluster),
        "--control",
        &control.url,
    ];
    node("clients/unshared.mjs", &arguments).await.succeeds();
    for gateway in &cluster.gateways {
        // Where the machine stalls, Redis may have been late once more, just now.
        eventually("outages are told in turn with their ends", async || {
            let log = gateway.process.log();
            outages_are_told_in_turn(&log).then_some(())
        })
        .await;
    }
}

/// Whether there was an outage, and of each its beginning and then its end was told, once.
fn outages_are_told_in_turn(log: &str) -> bool {
    let lines = log.lines().filter_map(|line| {
        let begins = line.contains("budgets are not shared any more");
        let ends = line.contains("budgets are shared among the replicas again");
        (begins || ends).then_some(begins)
    });
    let told: Vec<_> = lines.collect();
    !told.is_empty() && told.chunks(2).all(|outage| outage == [true, false])
}
