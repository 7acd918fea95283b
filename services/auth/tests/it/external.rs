//! Those for whom an issuer elsewhere vouches, and who bring no username.

use std::collections::HashSet;

use confab_fault::Kind;
use confab_proto::auth::{
    AdmitExternalRequest, AdmitExternalResponse, CheckSessionsRequest, ListUsersRequest,
    SignUpRequest,
};
use tonic::Status;

use crate::service::{Service, log_in, refusal, somebody};

fn ada(issuer: &str, session: &str) -> AdmitExternalRequest {
    AdmitExternalRequest {
        issuer: issuer.to_owned(),
        subject: "user_1".to_owned(),
        session: session.to_owned(),
        name: "Ada Lovelace".to_owned(),
        email: "ada@example.org".to_owned(),
        picture: "https://example.org/ada.png".to_owned(),
        ..AdmitExternalRequest::default()
    }
}

async fn admit(
    service: &Service,
    request: AdmitExternalRequest,
) -> Result<AdmitExternalResponse, Status> {
    let answer = service.client.clone().admit_external(request).await?;
    Ok(answer.into_inner())
}

#[tokio::test]
async fn somebody_is_made_at_first_sight_and_the_same_from_then_on() {
    let service = Service::start().await;
    let first = admit(&service, ada("https://one.example", "s1"))
        .await
        .unwrap();
    let user = first.user.unwrap();
    assert!(first.created);
    assert_eq!(
        (&*user.display_name, &*user.email, &*user.avatar_url),
        (
            "Ada Lovelace",
            "ada@example.org",
            "https://example.org/ada.png"
        )
    );
    assert!(
        user.username.starts_with("ada.lovelace-"),
        "{}",
        user.username
    );

    let again = admit(&service, ada("https://one.example", "s1"))
        .await
        .unwrap();
    assert!(!again.created);
    assert_eq!(again.user.unwrap().id, user.id);
    assert_eq!(again.session_id, first.session_id);
    let elsewhere = admit(&service, ada("https://one.example", "s2"))
        .await
        .unwrap();
    assert_eq!(elsewhere.user.unwrap().id, user.id);
    assert_ne!(elsewhere.session_id, first.session_id);

    let sessions = vec![first.session_id, elsewhere.session_id];
    let request = CheckSessionsRequest {
        session_ids: sessions.clone(),
    };
    let live = service
        .client
        .clone()
        .check_sessions(request)
        .await
        .unwrap();
    let live: HashSet<_> = live.into_inner().session_ids.into_iter().collect();
    assert_eq!(live, sessions.into_iter().collect());
}

#[tokio::test]
async fn one_word_of_two_issuers_means_two_people_and_no_address_is_a_door() {
    let service = Service::start().await;
    // Whoever has this address here is not whoever an issuer says has it.
    let here = SignUpRequest {
        email: "ada@example.org".to_owned(),
        ..somebody("ada")
    };
    let here = service.client.clone().sign_up(here).await.unwrap();
    let here = here.into_inner().user.unwrap().id;
    let one = admit(&service, ada("https://one.example", ""))
        .await
        .unwrap();
    let two = admit(&service, ada("https://two.example", ""))
        .await
        .unwrap();
    let (one, two) = (one.user.unwrap(), two.user.unwrap());
    assert_eq!(HashSet::from([&here, &one.id, &two.id]).len(), 3);
    // There is no password that lets them in here.
    for password in ["", "x", "ada@example.org"] {
        let tried = service
            .client
            .clone()
            .log_in(log_in(&one.username, password))
            .await;
        assert_eq!(
            refusal(tried),
            (Kind::Unauthenticated, "CREDENTIALS_WRONG".to_owned())
        );
    }
}

#[tokio::test]
async fn a_crowd_of_first_sights_is_one_account() {
    let service = Service::start().await;
    let tries = (0..20).map(|_| admit(&service, ada("https://one.example", "s")));
    let answers = futures_util::future::join_all(tries).await;
    let users: HashSet<_> = answers
        .into_iter()
        .map(|answer| answer.unwrap().user.unwrap().id)
        .collect();
    assert_eq!(users.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_used_of_a_token_keeps_nobody_out() {
    let service = Service::start().await;
    let request = AdmitExternalRequest {
        name: "x".repeat(1_000),
        email: "no address".to_owned(),
        picture: "javascript:alert(1)".to_owned(),
        ..ada("https://one.example", "")
    };
    let user = admit(&service, request).await.unwrap().user.unwrap();
    assert_eq!(user.display_name.len(), 64);
    assert_eq!((&*user.email, &*user.avatar_url), ("", ""));
    for (issuer, subject) in [("", "a"), ("https://one.example", "")] {
        let request = AdmitExternalRequest {
            subject: subject.to_owned(),
            ..ada(issuer, "")
        };
        assert_eq!(
            refusal(admit(&service, request).await),
            (Kind::Invalid, "EXTERNAL_INVALID".to_owned())
        );
    }
}

#[tokio::test]
async fn who_brings_no_username_gets_one_and_the_newest_are_listed_first() {
    let service = Service::start().await;
    let mut ids = Vec::new();
    for number in 0..3 {
        let request = SignUpRequest {
            username: String::new(),
            email: format!("ann{number}@example.org"),
            display_name: "Ann Lee".to_owned(),
            bio: "hello".to_owned(),
            ..somebody("ann")
        };
        let user = service.client.clone().sign_up(request).await.unwrap();
        let user = user.into_inner().user.unwrap();
        assert!(user.username.starts_with("ann.lee-"), "{}", user.username);
        assert_eq!((&*user.display_name, &*user.bio), ("Ann Lee", "hello"));
        ids.insert(0, user.id);
    }
    let request = ListUsersRequest { limit: 2 };
    let newest = service.client.clone().list_users(request).await.unwrap();
    let newest: Vec<_> = newest.into_inner().users;
    assert!(newest.iter().all(|user| user.email.is_empty()));
    let newest: Vec<_> = newest.into_iter().map(|user| user.id).collect();
    assert_eq!(newest, ids[..2]);
}
