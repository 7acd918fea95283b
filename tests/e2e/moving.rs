//! Sockets that have to change their gateway: rollouts, ages, and many clients at once.

use std::time::Duration;

use confab_e2e::{Balancer, Cluster, Control, Plan, Script, node};
use nix::sys::signal::Signal;
use tokio::sync::mpsc;

/// Longer than `SHUTDOWN_TIMEOUT`.
const STOP: Duration = Duration::from_secs(28);

async fn cluster(env: &[(&'static str, &str)]) -> (Cluster, Balancer) {
    let mut cluster = Cluster::planned(Plan {
        message_stores: 2,
        env: env
            .iter()
            .map(|(key, value)| (*key, (*value).to_owned()))
            .collect(),
        ..Plan::default()
    })
    .await;
    let balancer = Balancer::before(&mut cluster).await;
    (cluster, balancer)
}

/// Runs a scenario; when it says so, `act` is done, and it hears when that is over.
async fn with_an_act(scenario: &str, arguments: &[&str], act: impl AsyncFnOnce()) -> Script {
    let (asked, mut ask) = mpsc::channel(1);
    let (did, done) = mpsc::channel(1);
    let done = std::sync::Arc::new(tokio::sync::Mutex::new(done));
    let control = Control::serve(move |_| {
        let (asked, done) = (asked.clone(), done.clone());
        async move {
            asked.send(()).await.unwrap();
            done.lock().await.recv().await.unwrap();
        }
    })
    .await;
    let arguments = [&["--control", &control.url], arguments].concat();
    let acting = async {
        ask.recv().await.unwrap();
        act().await;
        did.send(()).await.unwrap();
        // Until the scenario is over.
        std::future::pending::<Script>().await
    };
    tokio::select! {
        script = node(scenario, &arguments) => script,
        never = acting => never,
    }
}

/// One after the other, each gateway and each message-store is asked to stop and started again.
async fn roll(cluster: &mut Cluster) {
    for place in 0..cluster.gateways.len() {
        let gateway = &mut cluster.gateways[place];
        gateway.process.signal(Signal::SIGTERM);
        gateway.process.ended(STOP).await;
        gateway.restart();
        cluster.ready().await;
    }
    for place in 0..cluster.message_stores.len() {
        let store = &mut cluster.message_stores[place];
        store.process.signal(Signal::SIGTERM);
        store.process.ended(STOP).await;
        store.restart();
        cluster.ready().await;
    }
}

#[tokio::test]
async fn a_rolling_restart_of_everything_under_load_is_noticed_by_nobody() {
    let (mut cluster, balancer) = cluster(&[("DRAIN_TIME", "1s")]).await;
    let sockets = 240;
    let arguments = ["--url", &balancer.url, "--sockets", &sockets.to_string()];
    let script = with_an_act("clients/moving.mjs", &arguments, async || {
        roll(&mut cluster).await
    })
    .await;
    script.succeeds();

    // A hundred sockets a second and gateway would take 1.2 s for 120: the drain has 1 s, and uses all of it.
    let report: serde_json::Value = serde_json::from_str(script.output.trim()).expect("its line");
    let spread = &report["spread"];
    assert!(
        spread["longestMs"]
            .as_u64()
            .is_some_and(|ms| (900..=1_000).contains(&ms)),
        "{spread}"
    );
    let parts: Vec<_> = spread["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .filter_map(|part| part.as_u64())
        .collect();
    // A fifth of the time is a fifth of the sockets' turns. Who is gone before it has heard of its turn is
    // missing here and makes nobody's share larger.
    assert!(parts.iter().all(|part| part * 4 < sockets), "{spread}");
}

#[tokio::test]
async fn of_the_users_of_a_killed_gateway_only_those_are_gone_who_do_not_come_back() {
    // Gateways renew their leases every three seconds.
    let env = [("LEASE_TTL", "8s"), ("OFFLINE_DEBOUNCE", "1s")];
    let mut cluster = Cluster::planned(Plan {
        gateways: 3,
        env: env.map(|(key, value)| (key, value.to_owned())).to_vec(),
        ..Plan::default()
    })
    .await;
    let urls = cluster.urls();
    let victim = &mut cluster.gateways[2].process;
    let script = with_an_act("clients/left.mjs", &["--url", &urls], async || {
        victim.kill().await
    })
    .await;
    script.succeeds();
}

#[tokio::test]
async fn sockets_that_have_lived_long_enough_are_moved_on_and_miss_nothing() {
    let (_cluster, balancer) = cluster(&[("MAX_CONNECTION_AGE", "3s")]).await;
    let arguments = ["--url", &balancer.url, "--sockets", "30", "--moves", "2"];
    node("clients/moving.mjs", &arguments).await.succeeds();
}

#[tokio::test]
async fn of_many_who_come_at_once_few_are_made_ready_at_a_time_and_all_in_the_end() {
    let env = [("ADMISSION_AT_ONCE", "2"), ("ADMISSION_WAITING", "6")];
    let (mut cluster, balancer) = cluster(&env).await;
    let victim = &mut cluster.gateways[1].process;
    let arguments = ["--url", &balancer.url];
    let script = with_an_act("clients/storm.mjs", &arguments, async || {
        victim.kill().await
    })
    .await;
    script.succeeds();

    let admin = &cluster.gateways[0].admin;
    let metrics = reqwest::get(format!("{admin}/metrics"))
        .await
        .expect("metrics");
    let metrics = metrics.text().await.expect("text");
    let turned_away = metrics
        .lines()
        .find_map(|line| line.strip_prefix("confab_gateway_turned_away_total "));
    assert!(
        turned_away.is_some_and(|count| count.trim() != "0"),
        "nobody was turned away:\n{metrics}"
    );
}
