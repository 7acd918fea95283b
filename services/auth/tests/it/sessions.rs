//! The logins of a user: seen, ended, and by nobody else.

use confab_fault::Kind;
use confab_ids::{SessionId, UserId};
use confab_proto::auth::{
    ChangePasswordRequest, CheckSessionsRequest, Device, ListSessionsRequest, LogInRequest,
    RefreshRequest, RevokeOtherSessionsRequest, RevokeSessionRequest, Session, TokenPair,
};
use tonic::Status;

use crate::service::{Service, log_in, password, refusal};

async fn lists(service: &Service, user: &str) -> Vec<Session> {
    let request = ListSessionsRequest {
        user_id: user.to_owned(),
    };
    let answer = service.client.clone().list_sessions(request).await;
    answer.unwrap().into_inner().sessions
}

async fn revokes(service: &Service, user: &str, session: &str) -> Result<(), Status> {
    let request = RevokeSessionRequest {
        user_id: user.to_owned(),
        session_id: session.to_owned(),
    };
    service.client.clone().revoke_session(request).await?;
    Ok(())
}

async fn refreshes(service: &Service, tokens: &TokenPair) -> Result<(), Status> {
    let request = RefreshRequest {
        refresh_token: tokens.refresh_token.clone(),
        device: None,
    };
    service.client.clone().refresh(request).await?;
    Ok(())
}

async fn logs_in(service: &Service, name: &str, device: Option<Device>) -> TokenPair {
    let request = LogInRequest {
        device,
        ..log_in(name, &password(name))
    };
    let answer = service.client.clone().log_in(request).await.unwrap();
    answer.into_inner().tokens.unwrap()
}

async fn live(service: &Service, sessions: &[&str]) -> Result<Vec<String>, Status> {
    let request = CheckSessionsRequest {
        session_ids: sessions.iter().map(ToString::to_string).collect(),
    };
    let answer = service.client.clone().check_sessions(request).await?;
    Ok(answer.into_inner().session_ids)
}

fn id(tokens: &TokenPair) -> &str {
    tokens.refresh_token.split_once('.').unwrap().0
}

fn invalid() -> (Kind, String) {
    (Kind::Unauthenticated, "REFRESH_TOKEN_INVALID".to_owned())
}

#[tokio::test]
async fn a_user_sees_their_own_sessions_the_last_used_first_and_on_what_device() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await;
    let bob = service.signs_up("bob").await;
    let (user, first) = (ann.user.unwrap().id, ann.tokens.unwrap());
    let device = Device {
        user_agent: "x".repeat(10_000),
        address: "192.0.2.1".to_owned(),
    };
    let second = logs_in(&service, "ann", Some(device)).await;
    let seen = lists(&service, &user).await;
    let ids: Vec<_> = seen.iter().map(|session| &*session.id).collect();
    assert_eq!(ids, [id(&second), id(&first)]);
    let device = seen[0].device.clone().unwrap();
    assert_eq!(
        (device.user_agent.len(), &*device.address),
        (256, "192.0.2.1")
    );
    refreshes(&service, &first).await.unwrap();
    let seen = lists(&service, &user).await;
    assert_eq!(seen[0].id, id(&first), "it was used just now");
    assert!(seen[0].last_used_at_ms >= seen[1].last_used_at_ms);
    assert!(seen[0].created_at_ms <= seen[1].created_at_ms);
    let bobs = lists(&service, &bob.user.unwrap().id).await;
    assert_eq!((bobs.len(), &*bobs[0].id), (1, id(&bob.tokens.unwrap())));
    assert!(
        lists(&service, &UserId::generate().to_string())
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_revoked_session_cannot_be_refreshed_and_is_no_longer_live() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await;
    let (user, first) = (ann.user.unwrap().id, ann.tokens.unwrap());
    let second = logs_in(&service, "ann", None).await;
    revokes(&service, &user, id(&first)).await.unwrap();
    assert_eq!(refusal(refreshes(&service, &first).await), invalid());
    refreshes(&service, &second).await.unwrap();
    let both = live(&service, &[id(&first), id(&second)]).await.unwrap();
    assert_eq!(both, [id(&second)]);
    assert_eq!(
        refusal(revokes(&service, &user, id(&first)).await),
        (Kind::NotFound, "SESSION_NOT_FOUND".to_owned())
    );
}

#[tokio::test]
async fn nobody_ends_another_users_session_nor_learns_of_it() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await.tokens.unwrap();
    let bob = service.signs_up("bob").await.user.unwrap().id;
    let unknown = SessionId::generate().to_string();
    let not_found = (Kind::NotFound, "SESSION_NOT_FOUND".to_owned());
    for session in [id(&ann), &unknown] {
        assert_eq!(refusal(revokes(&service, &bob, session).await), not_found);
    }
    refreshes(&service, &ann).await.unwrap();
    let bad = refusal(revokes(&service, &bob, "x").await);
    assert_eq!(bad, (Kind::Invalid, "SESSION_ID_INVALID".to_owned()));
}

#[tokio::test]
async fn all_other_sessions_end_at_once_and_only_those() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await;
    let (user, kept) = (ann.user.unwrap().id, ann.tokens.unwrap());
    let bob = service.signs_up("bob").await.tokens.unwrap();
    let others = [
        logs_in(&service, "ann", None).await,
        logs_in(&service, "ann", None).await,
    ];
    let request = RevokeOtherSessionsRequest {
        user_id: user.clone(),
        kept_session_id: id(&kept).to_owned(),
    };
    let answer = service.client.clone().revoke_other_sessions(request).await;
    let mut ended = answer.unwrap().into_inner().session_ids;
    ended.sort_unstable();
    let mut expected: Vec<_> = others.iter().map(id).collect();
    expected.sort_unstable();
    assert_eq!(ended, expected);
    for tokens in &others {
        assert_eq!(refusal(refreshes(&service, tokens).await), invalid());
    }
    refreshes(&service, &kept).await.unwrap();
    refreshes(&service, &bob).await.unwrap();
    assert_eq!(lists(&service, &user).await.len(), 1);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_is_the_one_that_counts() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await;
    let (user, kept) = (ann.user.unwrap().id, ann.tokens.unwrap());
    let other = logs_in(&service, "ann", None).await;
    let request = |current: &str, new: &str| ChangePasswordRequest {
        user_id: user.clone(),
        session_id: id(&kept).to_owned(),
        current_password: current.to_owned(),
        new_password: new.to_owned(),
    };
    let changes = async |request| service.client.clone().change_password(request).await;
    let wrong = changes(request("a guess", "another secret")).await;
    assert_eq!(
        refusal(wrong),
        (Kind::Forbidden, "PASSWORD_WRONG".to_owned())
    );
    let short = changes(request(&password("ann"), "short")).await;
    assert_eq!(
        refusal(short),
        (Kind::Invalid, "PASSWORD_INVALID".to_owned())
    );
    refreshes(&service, &other)
        .await
        .expect("nothing has changed");

    let done = changes(request(&password("ann"), "another secret")).await;
    assert_eq!(done.unwrap().into_inner().session_ids, [id(&other)]);
    assert_eq!(refusal(refreshes(&service, &other).await), invalid());
    refreshes(&service, &kept).await.unwrap();
    let login = async |password: &str| {
        let request = log_in("ann", password);
        service.client.clone().log_in(request).await
    };
    assert!(login(&password("ann")).await.is_err());
    login("another secret").await.unwrap();
}

#[tokio::test]
async fn a_thousand_sessions_are_checked_at_once_and_no_more() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await.tokens.unwrap();
    let mut sessions = vec![id(&ann); 1_000];
    assert_eq!(live(&service, &sessions).await.unwrap(), [id(&ann)]);
    assert!(live(&service, &[]).await.unwrap().is_empty());
    sessions.push(id(&ann));
    for bad in [&sessions[..], &["x"]] {
        let refused = refusal(live(&service, bad).await);
        assert_eq!(refused, (Kind::Invalid, "SESSION_IDS_INVALID".to_owned()));
    }
}
