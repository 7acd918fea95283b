//! What must be refused is refused clearly, and the gateway lives on.

use confab_e2e::{Account, Cluster, node};
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use mongodb::bson::{Document, doc};
use serde_json::json;

#[tokio::test]
async fn bad_tokens_payloads_packets_and_requests_get_a_clear_error_and_break_nothing() {
    let cluster = Cluster::start().await;
    let account = cluster.rest(0).sign_up("late").await;
    let token = expired_token(&cluster, &account).await;
    let url = &cluster.gateways[0].url;
    node(
        "clients/hostile.mjs",
        &["--url", url, "--expired-token", &token],
    )
    .await
    .succeeds();
}

/// A token that was good an hour ago, signed with the cluster's own key.
async fn expired_token(cluster: &Cluster, account: &Account) -> String {
    let keys = cluster
        .mongo
        .open()
        .await
        .collection::<Document>("signing_keys");
    let key = keys.find_one(doc! {}).await.unwrap().unwrap();
    let der = key.get_binary_generic("privateKey").unwrap();
    ed25519_dalek::SigningKey::from_pkcs8_der(der).expect("the key is PKCS #8");
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let claims = json!({
        "sub": account.id, "sid": "65f0c0ffee65f0c0ffee65f0", "username": account.username,
        "iss": "confab", "aud": "confab", "iat": now - 7_200, "exp": now - 3_600,
    });
    let kid = Some(key.get_str("_id").unwrap().to_owned());
    let header = Header {
        kid,
        ..Header::new(Algorithm::EdDSA)
    };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(der)).unwrap()
}
