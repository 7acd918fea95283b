//! New accounts.

use confab_fault::Kind;
use confab_proto::auth::SignUpRequest;
use confab_testkit::Mongo;
use futures_util::future::join_all;
use mongodb::bson::{Document, doc};

use crate::service::{Service, password, refusal, somebody};

#[tokio::test]
async fn a_new_account_is_answered_with_its_profile_and_tokens() {
    let service = Service::start().await;
    let answer = service.signs_up("Ann").await;
    let user = answer.user.unwrap();
    assert_eq!(user.id.len(), 24);
    assert_eq!((&*user.username, &*user.email), ("Ann", "Ann@example.org"));
    assert_eq!(
        (&*user.display_name, &*user.avatar_url, user.last_seen_at_ms),
        ("", "", 0)
    );
    assert!(user.created_at_ms > 1_700_000_000_000);
    let tokens = answer.tokens.unwrap();
    assert_eq!(tokens.access_token.split('.').count(), 3);
    assert!(!tokens.refresh_token.is_empty());
    assert_eq!(tokens.expires_in_seconds, 15 * 60);
}

#[tokio::test]
async fn neither_password_nor_refresh_token_is_stored_as_it_is() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &["--bcrypt-cost", "5"]).await;
    let refresh = service.signs_up("ann").await.tokens.unwrap().refresh_token;
    let database = mongo.open().await;
    let user: Document = database
        .collection("users")
        .find_one(doc! { "username": "ann" })
        .await
        .unwrap()
        .unwrap();
    let hash = user.get_str("passwordHash").unwrap();
    assert!(hash.starts_with("$2b$05$"), "the configured cost");
    assert!(bcrypt::verify(password("ann"), hash).unwrap());
    let session: Document = database
        .collection("sessions")
        .find_one(doc! {})
        .await
        .unwrap()
        .unwrap();
    let secret = refresh.split_once('.').unwrap().1;
    assert!(!user.to_string().contains(&password("ann")));
    assert!(!session.to_string().contains(secret));
}

#[tokio::test]
async fn each_bad_field_is_refused_by_its_name() {
    let service = Service::start().await;
    let bad = |change: fn(&mut SignUpRequest)| {
        let mut request = somebody("ann");
        change(&mut request);
        let mut client = service.client.clone();
        async move { refusal(client.sign_up(request).await) }
    };
    let invalid = |reason: &str| (Kind::Invalid, reason.to_owned());
    assert_eq!(
        bad(|r| r.username = "a b".into()).await,
        invalid("USERNAME_INVALID")
    );
    assert_eq!(
        bad(|r| r.username = String::new()).await,
        invalid("USERNAME_INVALID")
    );
    assert_eq!(
        bad(|r| r.email = "ann".into()).await,
        invalid("EMAIL_INVALID")
    );
    assert_eq!(
        bad(|r| r.password = "1234567".into()).await,
        invalid("PASSWORD_INVALID")
    );
    assert_eq!(
        bad(|r| r.password = "x".repeat(73)).await,
        invalid("PASSWORD_INVALID")
    );
    // All wrong at once: always the same one first.
    let all = bad(|r| *r = SignUpRequest::default()).await;
    assert_eq!(all, invalid("USERNAME_INVALID"));
    service.signs_up("ann").await;
}

#[tokio::test]
async fn a_taken_username_or_address_is_refused_whatever_its_case() {
    let service = Service::start().await;
    service.signs_up("ann").await;
    let mut client = service.client.clone();
    let same_name = SignUpRequest {
        email: "other@example.org".into(),
        ..somebody("ANN")
    };
    let taken = |reason: &str| (Kind::Exists, reason.to_owned());
    assert_eq!(
        refusal(client.sign_up(same_name).await),
        taken("USERNAME_TAKEN")
    );
    let same_email = SignUpRequest {
        email: "Ann@Example.ORG".into(),
        ..somebody("bob")
    };
    assert_eq!(
        refusal(client.sign_up(same_email).await),
        taken("EMAIL_TAKEN")
    );
    assert_eq!(
        refusal(client.sign_up(somebody("ann")).await),
        taken("USERNAME_TAKEN")
    );
}

/// Signs all of these up at once, on two instances; answers the refusals' reasons.
async fn at_once(requests: Vec<SignUpRequest>) -> (usize, Vec<String>) {
    let mongo = Mongo::fresh();
    let services = [
        Service::start_with(&mongo, &[]).await,
        Service::start_with(&mongo, &[]).await,
    ];
    let calls = requests.into_iter().enumerate().map(|(i, request)| {
        let mut client = services[i % 2].client.clone();
        async move { client.sign_up(request).await }
    });
    let (won, lost): (Vec<_>, Vec<_>) = join_all(calls).await.into_iter().partition(Result::is_ok);
    let users = mongo.open().await.collection::<Document>("users");
    assert_eq!(
        users.count_documents(doc! {}).await.unwrap(),
        won.len() as u64
    );
    (
        won.len(),
        lost.into_iter().map(|answer| refusal(answer).1).collect(),
    )
}

#[tokio::test]
async fn of_many_who_take_one_username_at_once_exactly_one_gets_it() {
    let requests = (0..20).map(|i| SignUpRequest {
        username: if i % 3 == 0 {
            "Ann".into()
        } else {
            "ann".into()
        },
        ..somebody(&format!("person{i}"))
    });
    let (won, lost) = at_once(requests.collect()).await;
    assert_eq!(won, 1);
    assert_eq!(lost, vec!["USERNAME_TAKEN"; 19]);
}

#[tokio::test]
async fn of_many_who_take_one_address_at_once_exactly_one_gets_it() {
    let requests = (0..20).map(|i| SignUpRequest {
        email: if i % 3 == 0 {
            "Ann@example.org".into()
        } else {
            "ann@example.org".into()
        },
        ..somebody(&format!("person{i}"))
    });
    let (won, lost) = at_once(requests.collect()).await;
    assert_eq!(won, 1);
    assert_eq!(lost, vec!["EMAIL_TAKEN"; 19]);
}
