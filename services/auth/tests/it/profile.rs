//! Reading and changing profiles.

use confab_fault::Kind;
use confab_ids::UserId;
use confab_proto::auth::{
    BatchGetUsersRequest, LastSeen, LastSeenVisibility, RecordLastSeenRequest,
    UpdateProfileRequest, User,
};
use tonic::Status;

use crate::service::{Service, refusal};

async fn reads(service: &Service, ids: &[&str], caller: &str) -> Result<Vec<User>, Status> {
    let request = BatchGetUsersRequest {
        user_ids: ids.iter().map(ToString::to_string).collect(),
        caller_id: caller.to_owned(),
    };
    Ok(service
        .client
        .clone()
        .batch_get_users(request)
        .await?
        .into_inner()
        .users)
}

async fn updates(service: &Service, request: UpdateProfileRequest) -> Result<User, Status> {
    Ok(service
        .client
        .clone()
        .update_profile(request)
        .await?
        .into_inner()
        .user
        .unwrap())
}

async fn records(service: &Service, seen: &[(&str, i64)]) -> Result<(), Status> {
    let one = |(id, at): &(&str, i64)| LastSeen {
        user_id: (*id).to_owned(),
        at_ms: *at,
    };
    let request = RecordLastSeenRequest {
        last_seen: seen.iter().map(one).collect(),
    };
    service
        .client
        .clone()
        .record_last_seen(request)
        .await
        .map(|_| ())
}

async fn last_seen(service: &Service, id: &str) -> i64 {
    reads(service, &[id], "").await.unwrap()[0].last_seen_at_ms
}

fn invalid(reason: &str) -> (Kind, String) {
    (Kind::Invalid, reason.to_owned())
}

#[tokio::test]
async fn profiles_come_in_the_order_asked_for_without_unknown_ids_and_doubles() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await.user.unwrap().id;
    let bob = service.signs_up("bob").await.user.unwrap().id;
    let unknown = UserId::generate().to_string();
    let users = reads(&service, &[&bob, &unknown, &ann, &bob], "")
        .await
        .unwrap();
    let names: Vec<_> = users.iter().map(|user| &*user.username).collect();
    assert_eq!(names, ["bob", "ann"]);
    assert!(reads(&service, &[], "").await.unwrap().is_empty());
}

#[tokio::test]
async fn an_address_is_its_owners_only() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await.user.unwrap().id;
    let bob = service.signs_up("bob").await.user.unwrap().id;
    let users = reads(&service, &[&ann, &bob], &ann).await.unwrap();
    assert_eq!(
        (&*users[0].email, &*users[1].email),
        ("ann@example.org", "")
    );
    let users = reads(&service, &[&ann, &bob], "").await.unwrap();
    assert!(users.iter().all(|user| user.email.is_empty()));
}

#[tokio::test]
async fn five_hundred_are_read_at_once_and_no_more() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await.user.unwrap().id;
    let mut ids: Vec<String> = (0..499).map(|_| UserId::generate().to_string()).collect();
    ids.push(ann.clone());
    let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(reads(&service, &ids, "").await.unwrap().len(), 1);
    ids.push(&ann);
    assert_eq!(
        refusal(reads(&service, &ids, "").await),
        invalid("USER_IDS_INVALID")
    );
    assert_eq!(
        refusal(reads(&service, &["x"], "").await),
        invalid("USER_IDS_INVALID")
    );
    assert_eq!(
        refusal(reads(&service, &[&ann], "x").await),
        invalid("CALLER_ID_INVALID")
    );
}

#[tokio::test]
async fn an_absent_field_stays_and_an_empty_one_is_cleared() {
    let service = Service::start().await;
    let id = service.signs_up("ann").await.user.unwrap().id;
    let request = |name: Option<&str>, url: Option<&str>| UpdateProfileRequest {
        user_id: id.clone(),
        display_name: name.map(str::to_owned),
        avatar_url: url.map(str::to_owned),
        ..UpdateProfileRequest::default()
    };
    let seen = |user: &User| (user.display_name.clone(), user.avatar_url.clone());
    let both = request(Some("Ann Lee"), Some("https://example.org/ann.png"));
    let user = updates(&service, both).await.unwrap();
    assert_eq!(
        seen(&user),
        ("Ann Lee".into(), "https://example.org/ann.png".into())
    );
    assert_eq!(user.email, "ann@example.org", "the owner's own request");
    let user = updates(&service, request(Some(""), None)).await.unwrap();
    assert_eq!(
        seen(&user),
        (String::new(), "https://example.org/ann.png".into())
    );
    let user = updates(&service, request(None, None)).await.unwrap();
    assert_eq!(
        seen(&user),
        (String::new(), "https://example.org/ann.png".into())
    );
    let read = reads(&service, &[&id], &id).await.unwrap().remove(0);
    assert_eq!(read, user);
}

#[tokio::test]
async fn a_bad_profile_changes_nothing() {
    let service = Service::start().await;
    let id = service.signs_up("ann").await.user.unwrap().id;
    let good = UpdateProfileRequest {
        user_id: id.clone(),
        ..Default::default()
    };
    let request = UpdateProfileRequest {
        display_name: Some("x".repeat(65)),
        ..good.clone()
    };
    assert_eq!(
        refusal(updates(&service, request).await),
        invalid("DISPLAY_NAME_INVALID")
    );
    let request = UpdateProfileRequest {
        display_name: Some("Ann".into()),
        avatar_url: Some("javascript:alert(1)".into()),
        ..good
    };
    assert_eq!(
        refusal(updates(&service, request).await),
        invalid("AVATAR_URL_INVALID")
    );
    assert_eq!(
        reads(&service, &[&id], "").await.unwrap()[0].display_name,
        ""
    );
}

#[tokio::test]
async fn nobodys_profile_cannot_be_changed() {
    let service = Service::start().await;
    for display_name in [None, Some("Ann".to_owned())] {
        let user_id = UserId::generate().to_string();
        let request = UpdateProfileRequest {
            user_id,
            display_name,
            avatar_url: None,
            ..UpdateProfileRequest::default()
        };
        let answer = updates(&service, request).await;
        assert_eq!(
            refusal(answer),
            (Kind::NotFound, "USER_NOT_FOUND".to_owned())
        );
    }
    let request = UpdateProfileRequest {
        user_id: "x".into(),
        ..Default::default()
    };
    assert_eq!(
        refusal(updates(&service, request).await),
        invalid("USER_ID_INVALID")
    );
}

#[tokio::test]
async fn last_seen_moves_forward_only() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await.user.unwrap();
    let bob = service.signs_up("bob").await.user.unwrap();
    let unknown = UserId::generate().to_string();
    let (early, late) = (1_700_000_000_123, 1_700_000_000_456);
    records(
        &service,
        &[(&ann.id, late), (&unknown, late), (&bob.id, early)],
    )
    .await
    .unwrap();
    records(&service, &[(&ann.id, early), (&bob.id, late)])
        .await
        .unwrap();
    assert_eq!(last_seen(&service, &ann.id).await, late);
    assert_eq!(last_seen(&service, &bob.id).await, late);
    assert!(
        reads(&service, &[&unknown], "").await.unwrap().is_empty(),
        "nobody was made up"
    );
}

#[tokio::test]
async fn a_clock_that_runs_ahead_does_not_freeze_anybodys_time() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await.user.unwrap();
    records(&service, &[(&ann.id, i64::MAX)]).await.unwrap();
    let seen = last_seen(&service, &ann.id).await;
    assert!((0..60_000).contains(&(seen - ann.created_at_ms)), "{seen}");
}

#[tokio::test]
async fn a_thousand_times_are_recorded_at_once_and_no_more() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await.user.unwrap();
    let start = 1_700_000_000_000;
    let mut seen: Vec<(&str, i64)> = (0..1_000).map(|i| (&*ann.id, start + i)).collect();
    records(&service, &seen).await.unwrap();
    assert_eq!(last_seen(&service, &ann.id).await, start + 999);
    seen.push((&ann.id, start));
    assert_eq!(
        refusal(records(&service, &seen).await),
        invalid("LAST_SEEN_INVALID")
    );
    for bad in [("x", start), (&*ann.id, 0), (&*ann.id, -1)] {
        assert_eq!(
            refusal(records(&service, &[bad]).await),
            invalid("LAST_SEEN_INVALID")
        );
    }
    records(&service, &[]).await.unwrap();
}

#[tokio::test]
async fn a_bio_and_who_may_see_the_last_seen_time_are_the_users_own_choice() {
    let service = Service::start().await;
    let id = service.signs_up("ann").await.user.unwrap().id;
    let seen_at = 1_700_000_000_000;
    records(&service, &[(&id, seen_at)]).await.unwrap();
    let request = |visibility: LastSeenVisibility| UpdateProfileRequest {
        user_id: id.clone(),
        bio: Some("Likes engines".into()),
        last_seen_visibility: Some(visibility.into()),
        ..UpdateProfileRequest::default()
    };
    for (visibility, others_see) in [
        (LastSeenVisibility::Nobody, 0),
        (LastSeenVisibility::Contacts, seen_at),
        (LastSeenVisibility::Everyone, seen_at),
    ] {
        let own = updates(&service, request(visibility)).await.unwrap();
        assert_eq!(
            (&*own.bio, own.last_seen_visibility(), own.last_seen_at_ms),
            ("Likes engines", visibility, seen_at)
        );
        let seen = reads(&service, &[&id], "").await.unwrap().remove(0);
        assert_eq!(
            (
                &*seen.bio,
                seen.last_seen_visibility(),
                seen.last_seen_at_ms
            ),
            ("Likes engines", visibility, others_see)
        );
    }
    let long = UpdateProfileRequest {
        user_id: id.clone(),
        bio: Some("x".repeat(501)),
        ..UpdateProfileRequest::default()
    };
    assert_eq!(
        refusal(updates(&service, long).await),
        invalid("BIO_INVALID")
    );
    let unspecified = request(LastSeenVisibility::Unspecified);
    assert_eq!(
        refusal(updates(&service, unspecified).await),
        invalid("LAST_SEEN_VISIBILITY_INVALID")
    );
}
