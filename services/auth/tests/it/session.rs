//! Refresh tokens: good once, and until somebody logs out.

use confab_fault::Kind;
use confab_proto::auth::{LogOutRequest, RefreshRequest, RefreshResponse, TokenPair};
use confab_testkit::Mongo;
use futures_util::future::join_all;
use mongodb::bson::{DateTime, Document, doc};
use tonic::Status;

use crate::service::{Service, refusal};

async fn refreshes(service: &Service, token: &str) -> Result<RefreshResponse, Status> {
    let request = RefreshRequest {
        refresh_token: token.to_owned(),
    };
    service
        .client
        .clone()
        .refresh(request)
        .await
        .map(tonic::Response::into_inner)
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

fn invalid() -> (Kind, String) {
    (Kind::Unauthenticated, "REFRESH_TOKEN_INVALID".to_owned())
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
    assert_eq!(
        refusal(refreshes(&service, &first.refresh_token).await),
        invalid()
    );
    // The refused attempt has not hurt the session.
    refreshes(&service, &second.refresh_token).await.unwrap();
}

#[tokio::test]
async fn of_many_who_spend_one_token_at_once_exactly_one_gets_a_new_one() {
    let mongo = Mongo::fresh();
    let services = [
        Service::start_with(&mongo, &[]).await,
        Service::start_with(&mongo, &[]).await,
    ];
    let mut token = anns_tokens(&services[0]).await.refresh_token;
    for _ in 0..5 {
        let calls = (0..20).map(|i| refreshes(&services[i % 2], &token));
        let (won, lost): (Vec<_>, Vec<_>) =
            join_all(calls).await.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 19));
        for answer in lost {
            assert_eq!(refusal(answer), invalid());
        }
        token = won
            .into_iter()
            .next()
            .unwrap()
            .unwrap()
            .tokens
            .unwrap()
            .refresh_token;
    }
}

#[tokio::test]
async fn other_texts_buy_nothing() {
    let service = Service::start().await;
    let token = anns_tokens(&service).await.refresh_token;
    let (session, secret) = token.split_once('.').unwrap();
    let guessed = format!("{session}.{}", "0".repeat(64));
    let other_session = format!("{}.{secret}", "0".repeat(24));
    for text in [
        "",
        "x",
        &guessed,
        &other_session,
        &format!("{token}0"),
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
async fn knowing_a_sessions_id_is_not_enough_to_end_it() {
    let service = Service::start().await;
    let token = anns_tokens(&service).await.refresh_token;
    let session = token.split_once('.').unwrap().0;
    logs_out(&service, &format!("{session}.{}", "0".repeat(64))).await;
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
