//! Sessions for those who know the password.

use confab_fault::Kind;

use crate::service::{Service, log_in, password, refusal};

#[tokio::test]
async fn username_or_address_and_password_open_a_session() {
    let service = Service::start().await;
    let ann = service.signs_up("Ann").await;
    for login in ["Ann", "ann", "Ann@example.org", "ANN@EXAMPLE.ORG"] {
        let answer = service
            .client
            .clone()
            .log_in(log_in(login, &password("Ann")))
            .await;
        let answer = answer.unwrap().into_inner();
        assert_eq!(answer.user, ann.user, "{login}");
        let (tokens, first) = (answer.tokens.unwrap(), ann.tokens.as_ref().unwrap());
        assert_ne!(
            tokens.refresh_token, first.refresh_token,
            "each login is a session of its own"
        );
        assert!(!tokens.access_token.is_empty());
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_get_one_answer() {
    let service = Service::start().await;
    service.signs_up("ann").await;
    let long = format!("{}x", "y".repeat(72));
    for (login, password) in [
        ("ann", "wrong password"),
        ("ann", ""),
        ("ann", &*long),
        ("bob", &*password("ann")),
        ("bob@example.org", &*password("ann")),
        ("", ""),
        ("no such name at all", "12345678"),
        (&*long, &*long),
    ] {
        let answer = service.client.clone().log_in(log_in(login, password)).await;
        let text = answer.as_ref().unwrap_err().message().to_owned();
        assert_eq!(
            refusal(answer),
            (Kind::Unauthenticated, "CREDENTIALS_WRONG".to_owned())
        );
        assert_eq!(
            text,
            "the username, the e-mail address or the password is wrong"
        );
    }
}

#[tokio::test]
async fn the_longest_password_logs_in_and_one_byte_more_does_not() {
    let service = Service::start().await;
    let longest = "p".repeat(72);
    let mut ann = crate::service::somebody("ann");
    ann.password = longest.clone();
    service.client.clone().sign_up(ann).await.unwrap();
    service
        .client
        .clone()
        .log_in(log_in("ann", &longest))
        .await
        .unwrap();
    let answer = service
        .client
        .clone()
        .log_in(log_in("ann", &format!("{longest}p")))
        .await;
    assert_eq!(refusal(answer).1, "CREDENTIALS_WRONG");
}

#[tokio::test]
async fn logins_are_counted_by_outcome() {
    let service = Service::start().await;
    service.signs_up("ann").await;
    service
        .client
        .clone()
        .log_in(log_in("ann", &password("ann")))
        .await
        .unwrap();
    service
        .client
        .clone()
        .log_in(log_in("ann", "wrong password"))
        .await
        .unwrap_err();
    let metrics = service.asks_admin("/metrics").await;
    for line in [
        "confab_auth_logins_total{outcome=\"ok\"} ",
        "confab_auth_logins_total{outcome=\"credentials_wrong\"} ",
        "confab_auth_signups_total{outcome=\"ok\"} ",
        "confab_auth_password_hash_duration_seconds_count ",
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
}
