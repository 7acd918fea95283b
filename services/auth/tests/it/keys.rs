//! Access tokens and the keys that verify them.

use std::collections::HashMap;

use confab_ids::UserId;
use confab_proto::auth::{
    KeyState, ListSigningKeysRequest, RefreshRequest, RotateKeysRequest, SigningKey,
};
use confab_testkit::{Mongo, eventually};
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use mongodb::bson::{Document, doc};
use serde_json::Value;

use crate::service::{Service, config};

async fn keys(service: &Service) -> Vec<SigningKey> {
    let answer = service
        .client
        .clone()
        .list_signing_keys(ListSigningKeysRequest {})
        .await;
    answer.unwrap().into_inner().keys
}

/// The name of the key that signs now; the next one may be listed before it.
async fn active(service: &Service) -> String {
    let mut keys = keys(service).await.into_iter();
    let active = keys.find(|key| key.state() == KeyState::Active);
    active.expect("there is always one").key_id
}

/// Verifies a token as a gateway does, with the key that its `kid` names.
fn verify(token: &str, keys: &[SigningKey], issuer: &str) -> HashMap<String, Value> {
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!(header.alg, Algorithm::EdDSA);
    let kid = header.kid.unwrap();
    let key = keys
        .iter()
        .find(|key| key.key_id == kid)
        .expect("the key is listed");
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["confab"]);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["sub", "iss", "aud", "exp"]);
    let key = DecodingKey::from_ed_der(&key.public_key);
    jsonwebtoken::decode(token, &key, &validation)
        .unwrap()
        .claims
}

#[tokio::test]
async fn a_token_verifies_with_its_listed_key_and_says_who_where_and_until_when() {
    let flags = [
        "--token-issuer",
        "https://chat.example",
        "--access-token-ttl",
        "90s",
    ];
    let service = Service::start_with(&Mongo::fresh(), &flags).await;
    let answer = service.signs_up("Ann").await;
    let (user, tokens) = (answer.user.unwrap(), answer.tokens.unwrap());
    let claims = verify(
        &tokens.access_token,
        &keys(&service).await,
        "https://chat.example",
    );
    assert_eq!(claims["sub"], user.id);
    assert_eq!(
        claims["sid"],
        tokens.refresh_token.split_once('.').unwrap().0
    );
    assert_eq!(claims["username"], "Ann");
    assert_eq!(
        (&claims["iss"], &claims["aud"]),
        (&"https://chat.example".into(), &"confab".into())
    );
    let (iat, exp) = (
        claims["iat"].as_i64().unwrap(),
        claims["exp"].as_i64().unwrap(),
    );
    assert_eq!(exp - iat, 90);
    assert_eq!(tokens.expires_in_seconds, 90);
    assert!((iat - user.created_at_ms / 1_000).abs() < 60);
}

#[tokio::test]
async fn a_refreshed_token_belongs_to_the_same_session() {
    let service = Service::start().await;
    let first = service.signs_up("ann").await.tokens.unwrap();
    let request = RefreshRequest {
        refresh_token: first.refresh_token,
        device: None,
    };
    let second = service
        .client
        .clone()
        .refresh(request)
        .await
        .unwrap()
        .into_inner();
    let keys = keys(&service).await;
    let (first, second) = (
        verify(&first.access_token, &keys, "confab"),
        verify(&second.tokens.unwrap().access_token, &keys, "confab"),
    );
    assert_eq!(
        (&first["sid"], &first["sub"]),
        (&second["sid"], &second["sub"])
    );
}

#[tokio::test]
async fn a_listed_key_is_a_public_key_and_nothing_more() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &[]).await;
    let keys = keys(&service).await;
    assert_eq!(keys.len(), 1);
    assert_eq!((&*keys[0].algorithm, &*keys[0].curve), ("EdDSA", "Ed25519"));
    assert_eq!(keys[0].public_key.len(), 32);
    let stored = mongo.open().await.collection::<Document>("signing_keys");
    let stored = stored.find_one(doc! {}).await.unwrap().unwrap();
    assert_eq!(
        stored.get_binary_generic("publicKey").unwrap(),
        &keys[0].public_key.to_vec()
    );
}

#[tokio::test]
async fn instances_that_start_at_once_agree_on_one_key() {
    for _ in 0..3 {
        let mongo = Mongo::fresh();
        let services = join_all((0..4).map(|_| Service::start_with(&mongo, &[]))).await;
        let listed = join_all(services.iter().map(keys)).await;
        assert_eq!(listed[0].len(), 1);
        assert!(listed.iter().all(|keys| *keys == listed[0]));
        for (i, service) in services.iter().enumerate() {
            let token = service
                .signs_up(&format!("person{i}"))
                .await
                .tokens
                .unwrap()
                .access_token;
            verify(&token, &listed[(i + 1) % services.len()], "confab");
        }
    }
}

#[tokio::test]
async fn a_restarted_instance_keeps_the_key() {
    let mongo = Mongo::fresh();
    let first = Service::start_with(&mongo, &[]).await;
    let token = first.signs_up("ann").await.tokens.unwrap().access_token;
    first.stop.cancel();
    first.done.await.unwrap().unwrap();
    let second = Service::start_with(&mongo, &[]).await;
    verify(&token, &keys(&second).await, "confab");
}

#[tokio::test]
async fn a_stored_key_whose_halves_differ_stops_the_start() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &[]).await;
    let kid = keys(&service).await.remove(0).key_id;
    let broken = mongodb::bson::Binary {
        subtype: mongodb::bson::spec::BinarySubtype::Generic,
        bytes: vec![7; 32],
    };
    let stored = mongo.open().await.collection::<Document>("signing_keys");
    stored
        .update_one(doc! {}, doc! { "$set": { "publicKey": broken } })
        .await
        .unwrap();
    let stop = confab_chassis::CancellationToken::new();
    let error = confab_auth::start(config(&mongo, &[]), stop)
        .await
        .err()
        .unwrap();
    assert!(format!("{error:#}").contains(&kid), "{error:#}");
}

async fn rotates(service: &Service) -> SigningKey {
    let answer = service
        .client
        .clone()
        .rotate_keys(RotateKeysRequest {})
        .await;
    answer.unwrap().into_inner().active.unwrap()
}

fn states(keys: &[SigningKey]) -> Vec<KeyState> {
    keys.iter().map(SigningKey::state).collect()
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

#[tokio::test]
async fn a_rotated_key_signs_at_once_and_the_one_before_still_verifies() {
    let service = Service::start().await;
    let old = service.signs_up("ann").await.tokens.unwrap().access_token;
    let active = rotates(&service).await;
    let new = service.signs_up("bob").await.tokens.unwrap().access_token;
    assert_eq!(kid(&new), active.key_id);
    assert_ne!(kid(&old), kid(&new));
    let keys = keys(&service).await;
    assert_eq!(states(&keys), [KeyState::Active, KeyState::Retired]);
    for token in [&old, &new] {
        verify(token, &keys, "confab");
    }
}

#[tokio::test]
async fn replicas_that_rotate_at_once_agree_on_the_key() {
    let mongo = Mongo::fresh();
    let services = join_all((0..4).map(|_| Service::start_with(&mongo, &[]))).await;
    let rotated = join_all(services.iter().map(rotates)).await;
    let listed = keys(&services[0]).await;
    // Those that began after another one had ended made keys of their own; all of them verify.
    assert!((2..=5).contains(&listed.len()), "{}", listed.len());
    assert_eq!(states(&listed)[0], KeyState::Active);
    let actives = listed.iter().filter(|key| key.state() == KeyState::Active);
    assert_eq!(actives.count(), 1);
    for key in rotated {
        assert!(listed.iter().any(|listed| listed.key_id == key.key_id));
    }
}

#[tokio::test]
async fn keys_rotate_by_themselves_published_before_they_sign() {
    let mongo = Mongo::fresh();
    let flags = ["--key-rotation", "2s"];
    let services = [
        Service::start_with(&mongo, &flags).await,
        Service::start_with(&mongo, &flags).await,
    ];
    let first = active(&services[0]).await;
    let next = eventually("the next key is published", async || {
        let keys = keys(&services[1]).await;
        (keys[0].state() == KeyState::Next).then(|| keys[0].key_id.clone())
    })
    .await;
    let token = eventually("both replicas sign with it", async || {
        let mut token = String::new();
        for service in &services {
            let user = UserId::generate().to_string();
            token = service.signs_up(&user).await.tokens.unwrap().access_token;
            if kid(&token) == first {
                return None;
            }
        }
        Some(token)
    })
    .await;
    let listed = keys(&services[0]).await;
    assert!(listed.iter().any(|key| key.key_id == next));
    verify(&token, &listed, "confab");
    let slots: Vec<i64> = listed.iter().map(|key| key.active_from_ms).collect();
    assert!(
        slots.is_sorted_by(|newer, older| newer > older),
        "{slots:?}"
    );
}

#[tokio::test]
async fn a_key_whose_last_token_has_expired_is_removed() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &["--key-rotation", "2s"]).await;
    let first = active(&service).await;
    rotates(&service).await;
    // An hour ago.
    let stored = mongo.open().await.collection::<Document>("signing_keys");
    let ago = mongodb::bson::DateTime::from_millis(
        mongodb::bson::DateTime::now().timestamp_millis() - 3_600_000,
    );
    stored
        .update_many(doc! {}, doc! { "$set": { "activeFrom": ago } })
        .await
        .unwrap();
    eventually("the first key is gone", async || {
        let stored = stored
            .count_documents(doc! { "_id": &first })
            .await
            .unwrap();
        (stored == 0).then_some(())
    })
    .await;
    assert!(keys(&service).await.iter().all(|key| key.key_id != first));
}
