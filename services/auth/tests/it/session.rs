//! Refresh tokens: good once, and until somebody logs out.

use confab_fault::Kind;
use confab_proto::auth::{LogOutRequest, RefreshRequest, RefreshResponse, TokenPair};
use confab_testkit::Mongo;
use futures_util::future::join_all;
use mongodb::bson::{DateTime, Document, doc};
use tonic::Status;

use crate::service::{Service, log_in, password, refusal};

async fn answers(service: &Service, token: &str) -> Result<RefreshResponse, Status> {
    let request = RefreshRequest {
        refresh_token: token.to_owned(),
        device: None,
    };
    let answer = service.client.clone().refresh(request).await;
    answer.map(tonic::Response::into_inner)
}

/// The pair that a token buys; it must not be the end of its session.
async fn refreshes(service: &Service, token: &str) -> Result<RefreshResponse, Status> {
    let answer = answers(service, token).await?;
    assert_eq!(answer.revoked, None);
    Ok(answer)
}

async fn logs_out(service: &Service, token: &str) {
    let request = LogOutRequest {
        refresh_token: token.to_owned(),
    };
    service.client.clone().log_out(request).await.unwrap();
}

async fn anns_tokens(service: &Service) -> TokenPair {
    service.signs_up("ann").await.tokens.unwrap()
}

async fn logs_in(service: &Service, name: &str) -> String {
    let request = log_in(name, &password(name));
    let answer = service.client.clone().log_in(request).await.unwrap();
    answer.into_inner().tokens.unwrap().refresh_token
}

/// The refresh token of an answer.
fn tokens(answer: Result<RefreshResponse, Status>) -> String {
    answer.unwrap().tokens.unwrap().refresh_token
}

fn invalid() -> (Kind, String) {
    (Kind::Unauthenticated, "REFRESH_TOKEN_INVALID".to_owned())
}

/// A service whose refresh tokens are spent at once, without a grace.
async fn strict(mongo: &Mongo) -> Service {
    Service::start_with(mongo, &["--refresh-reuse-grace", "0s"]).await
}

#[tokio::test]
async fn a_refresh_token_buys_a_new_pair_and_is_spent() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await;
    let first = ann.tokens.unwrap();
    let answer = refreshes(&service, &first.refresh_token).await.unwrap();
    assert_eq!(answer.user, ann.user);
    let second = answer.tokens.unwrap();
    assert_ne!(second.refresh_token, first.refresh_token);
    assert_eq!(second.refresh_expires_in_seconds, 30 * 24 * 3_600);
    refreshes(&service, &second.refresh_token).await.unwrap();
}

#[tokio::test]
async fn a_token_whose_answer_was_lost_gets_the_same_successor_again() {
    let service = Service::start().await;
    let first = anns_tokens(&service).await.refresh_token;
    let second = tokens(refreshes(&service, &first).await);
    assert_eq!(tokens(refreshes(&service, &first).await), second);
    // Also when the successor has been spent meanwhile: the session is one, and goes on.
    let third = tokens(refreshes(&service, &second).await);
    assert_eq!(tokens(refreshes(&service, &first).await), third);
    assert_ne!(tokens(refreshes(&service, &third).await), third);
}

#[tokio::test]
async fn of_many_who_spend_one_token_at_once_all_get_the_same_successor() {
    let mongo = Mongo::fresh();
    let services = [
        Service::start_with(&mongo, &[]).await,
        Service::start_with(&mongo, &[]).await,
    ];
    let mut token = anns_tokens(&services[0]).await.refresh_token;
    for _ in 0..5 {
        let calls = (0..20).map(|i| refreshes(&services[i % 2], &token));
        let mut successors: Vec<_> = join_all(calls).await.into_iter().map(tokens).collect();
        successors.dedup();
        assert_eq!(successors.len(), 1, "one family goes on");
        assert_ne!(successors[0], token);
        token = successors.remove(0);
    }
}

#[tokio::test]
async fn without_a_grace_one_of_many_gets_a_successor_and_the_session_is_revoked() {
    let mongo = Mongo::fresh();
    let services = [strict(&mongo).await, strict(&mongo).await];
    let token = anns_tokens(&services[0]).await.refresh_token;
    let calls = (0..20).map(|i| answers(&services[i % 2], &token));
    let done = join_all(calls).await;
    let bought = done
        .iter()
        .filter_map(|answer| answer.as_ref().ok()?.tokens.as_ref())
        .collect::<Vec<_>>();
    assert_eq!(bought.len(), 1);
    let after = answers(&services[0], &bought[0].refresh_token).await;
    assert_eq!(refusal(after), invalid());
}

#[tokio::test]
async fn a_token_that_is_used_again_after_the_grace_revokes_its_session_and_no_other() {
    let mongo = Mongo::fresh();
    let service = strict(&mongo).await;
    let ann = service.signs_up("ann").await;
    let (user, first) = (ann.user.unwrap(), ann.tokens.unwrap().refresh_token);
    let other = logs_in(&service, "ann").await;
    let second = tokens(refreshes(&service, &first).await);
    let third = tokens(refreshes(&service, &second).await);

    let answer = answers(&service, &first).await.unwrap();
    assert_eq!(answer.tokens, None);
    let revoked = answer.revoked.unwrap();
    assert_eq!(revoked.user_id, user.id);
    assert_eq!(revoked.session_id, first.split_once('.').unwrap().0);
    for token in [&first, &second, &third] {
        assert_eq!(refusal(answers(&service, token).await), invalid());
    }
    refreshes(&service, &other)
        .await
        .expect("another login of hers goes on");
}

#[tokio::test]
async fn refresh_tokens_are_stored_as_hashes_alone() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &[]).await;
    let first = anns_tokens(&service).await.refresh_token;
    let second = tokens(refreshes(&service, &first).await);
    let sessions = mongo.open().await.collection::<Document>("sessions");
    let stored = sessions.find_one(doc! {}).await.unwrap().unwrap();
    let stored = format!("{stored:?}").to_lowercase();
    let hex = mongodb::bson::serialize_to_vec(&sessions.find_one(doc! {}).await.unwrap().unwrap());
    let hex: String = hex
        .unwrap()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for token in [&first, &second] {
        let secret = &token.split_once('.').unwrap().1[..64];
        assert!(!stored.contains(secret) && !hex.contains(secret));
    }
}

#[tokio::test]
async fn other_texts_buy_nothing() {
    let service = Service::start().await;
    let token = anns_tokens(&service).await.refresh_token;
    let (session, secret) = token.split_once('.').unwrap();
    let guessed = format!("{session}.{}", "0".repeat(80));
    let other_session = format!("{}.{secret}", "0".repeat(24));
    for text in [
        "",
        "x",
        &guessed,
        &other_session,
        &format!("{token}0"),
        &format!("{session}.{}", "0".repeat(64)),
        &"x".repeat(100_000),
    ] {
        assert_eq!(refusal(refreshes(&service, text).await), invalid());
    }
    refreshes(&service, &token).await.unwrap();
}

#[tokio::test]
async fn logging_out_ends_the_session_and_may_be_repeated() {
    let service = Service::start().await;
    let ann = anns_tokens(&service).await;
    let bob = service.signs_up("bob").await.tokens.unwrap();
    logs_out(&service, &ann.refresh_token).await;
    assert_eq!(
        refusal(refreshes(&service, &ann.refresh_token).await),
        invalid()
    );
    logs_out(&service, &ann.refresh_token).await;
    logs_out(&service, "no token at all").await;
    refreshes(&service, &bob.refresh_token)
        .await
        .expect("another session goes on");
}

#[tokio::test]
async fn a_spent_token_is_good_for_logging_out() {
    let mongo = Mongo::fresh();
    let service = strict(&mongo).await;
    let first = anns_tokens(&service).await.refresh_token;
    let second = tokens(refreshes(&service, &first).await);
    logs_out(&service, &first).await;
    assert_eq!(refusal(refreshes(&service, &second).await), invalid());
}

#[tokio::test]
async fn knowing_a_sessions_id_is_not_enough_to_end_it() {
    let service = Service::start().await;
    let token = anns_tokens(&service).await.refresh_token;
    let session = token.split_once('.').unwrap().0;
    logs_out(&service, &format!("{session}.{}", "0".repeat(80))).await;
    refreshes(&service, &token).await.unwrap();
}

#[tokio::test]
async fn an_expired_session_is_worth_nothing_even_before_it_is_removed() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &[]).await;
    let token = anns_tokens(&service).await.refresh_token;
    let sessions = mongo.open().await.collection::<Document>("sessions");
    let past = DateTime::from_millis(DateTime::now().timestamp_millis() - 1);
    sessions
        .update_one(doc! {}, doc! { "$set": { "expiresAt": past } })
        .await
        .unwrap();
    assert_eq!(refusal(refreshes(&service, &token).await), invalid());
}

#[tokio::test]
async fn the_session_of_a_removed_account_is_worth_nothing() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &[]).await;
    let token = anns_tokens(&service).await.refresh_token;
    mongo
        .open()
        .await
        .collection::<Document>("users")
        .delete_one(doc! {})
        .await
        .unwrap();
    assert_eq!(refusal(refreshes(&service, &token).await), invalid());
}

#[tokio::test]
async fn the_database_is_asked_to_remove_what_has_expired() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &["--refresh-token-ttl", "1h"]).await;
    anns_tokens(&service).await;
    let answer = mongo
        .open()
        .await
        .run_command(doc! { "listIndexes": "sessions" })
        .await
        .unwrap();
    assert!(
        answer.to_string().contains("expireAfterSeconds"),
        "{answer}"
    );
    let sessions = mongo.open().await.collection::<Document>("sessions");
    let session = sessions.find_one(doc! {}).await.unwrap().unwrap();
    let lives = session
        .get_datetime("expiresAt")
        .unwrap()
        .timestamp_millis()
        - session
            .get_datetime("createdAt")
            .unwrap()
            .timestamp_millis();
    assert_eq!(lives, 3_600_000);
}
