//! Logins and their sockets: ended on every replica at once, renewed without a loss, keys that change
//! under them; and who blocks whom.

use confab_e2e::{Balancer, Cluster, Control, Plan, node};
use confab_proto::auth::auth_service_client::AuthServiceClient;
use confab_proto::auth::{RevokeSessionRequest, RotateKeysRequest};
use confab_testkit::{Proxy, Redis};
use tonic::transport::{Channel, Endpoint};

async fn cluster(env: &[(&'static str, &str)]) -> (Cluster, Balancer) {
    let env = env.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let plan = Plan {
        env: env.collect(),
        ..Plan::default()
    };
    let mut cluster = Cluster::planned(plan).await;
    let balancer = Balancer::before(&mut cluster).await;
    (cluster, balancer)
}

async fn runs(scenario: &str, cluster: &Cluster, balancer: &Balancer) {
    let arguments = ["--url", &balancer.url, "--gateways", &cluster.urls()];
    node(scenario, &arguments).await.succeeds();
}

#[tokio::test]
async fn a_revoked_session_loses_its_sockets_within_a_second_on_every_gateway_for_good() {
    let (cluster, balancer) = cluster(&[("REFRESH_REUSE_GRACE", "5s")]).await;
    runs("clients/sessions.mjs", &cluster, &balancer).await;
}

#[tokio::test]
async fn a_socket_lives_on_with_a_renewed_token_and_ends_without_one() {
    let env = [("ACCESS_TOKEN_TTL", "15s"), ("SESSION_EXPIRY_GRACE", "4s")];
    let (cluster, balancer) = cluster(&env).await;
    runs("clients/renew.mjs", &cluster, &balancer).await;
}

#[tokio::test]
async fn keys_are_rotated_under_open_sockets() {
    let (cluster, balancer) = cluster(&[]).await;
    let auth = AuthServiceClient::new(auth(&cluster));
    let control = Control::serve(move |_| {
        let mut auth = auth.clone();
        async move {
            auth.rotate_keys(RotateKeysRequest {}).await.unwrap();
        }
    })
    .await;
    let arguments = [
        "--url",
        &balancer.url,
        "--gateways",
        &cluster.urls(),
        "--control",
        &control.url,
    ];
    node("clients/rotate.mjs", &arguments).await.succeeds();
}

#[tokio::test]
async fn who_is_blocked_cannot_write_to_nor_see_the_one_who_blocks() {
    let (cluster, balancer) = cluster(&[]).await;
    runs("clients/blocks.mjs", &cluster, &balancer).await;
}

#[tokio::test]
async fn a_session_that_ended_while_redis_was_gone_loses_its_sockets_when_it_is_back() {
    let redis = Redis::fresh();
    let proxy = Proxy::to(redis.url.trim_start_matches("redis://")).await;
    let cluster = Cluster::planned(Plan {
        gateways_redis: Some(format!("redis://{}", proxy.address)),
        ..Plan::default()
    })
    .await;
    let auth = AuthServiceClient::new(auth(&cluster));
    let control = Control::serve(move |command| {
        let mut auth = auth.clone();
        match command.as_str() {
            "cut" => proxy.cut(),
            "mend" => proxy.mend(),
            _ => {}
        }
        async move {
            if let Some(("end", what)) = command.split_once('-') {
                let (user, session) = what.split_once('-').unwrap();
                let request = RevokeSessionRequest {
                    user_id: user.to_owned(),
                    session_id: session.to_owned(),
                };
                auth.revoke_session(request).await.unwrap();
            }
        }
    })
    .await;
    let arguments = ["--url", &cluster.urls(), "--control", &control.url];
    node("clients/unheard.mjs", &arguments).await.succeeds();
}

fn auth(cluster: &Cluster) -> Channel {
    Endpoint::from_shared(format!("http://{}", cluster.auth.grpc))
        .unwrap()
        .connect_lazy()
}
