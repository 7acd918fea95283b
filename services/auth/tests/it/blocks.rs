//! Who blocks whom.

use confab_fault::Kind;
use confab_ids::UserId;
use confab_proto::auth::{
    BlockUserRequest, ListBlockedRequest, ListBlockersRequest, UnblockUserRequest,
};
use tonic::Status;

use crate::service::{Service, refusal};

async fn blocks(service: &Service, user: &str, blocked: &str) -> Result<(), Status> {
    let request = BlockUserRequest {
        user_id: user.to_owned(),
        blocked_id: blocked.to_owned(),
    };
    service.client.clone().block_user(request).await.map(drop)
}

async fn unblocks(service: &Service, user: &str, blocked: &str) {
    let request = UnblockUserRequest {
        user_id: user.to_owned(),
        blocked_id: blocked.to_owned(),
    };
    service.client.clone().unblock_user(request).await.unwrap();
}

async fn blocked(service: &Service, user: &str) -> Vec<String> {
    let request = ListBlockedRequest {
        user_id: user.to_owned(),
    };
    let answer = service.client.clone().list_blocked(request).await.unwrap();
    let users = answer.into_inner().users.into_iter();
    users
        .inspect(|user| assert!(user.email.is_empty()))
        .map(|user| user.username)
        .collect()
}

async fn blockers(service: &Service, user: &str) -> Vec<String> {
    let request = ListBlockersRequest {
        user_id: user.to_owned(),
    };
    let answer = service.client.clone().list_blockers(request).await;
    answer.unwrap().into_inner().user_ids
}

#[tokio::test]
async fn a_block_is_seen_from_both_sides_and_can_be_lifted_again() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await.user.unwrap().id;
    let bob = service.signs_up("bob").await.user.unwrap().id;
    for _ in 0..2 {
        blocks(&service, &ann, &bob).await.unwrap();
    }
    assert_eq!(blocked(&service, &ann).await, ["bob"]);
    assert_eq!(blockers(&service, &bob).await, [&*ann]);
    assert!(blocked(&service, &bob).await.is_empty());
    assert!(blockers(&service, &ann).await.is_empty());
    for _ in 0..2 {
        unblocks(&service, &ann, &bob).await;
    }
    assert!(blocked(&service, &ann).await.is_empty());
    assert!(blockers(&service, &bob).await.is_empty());
}

#[tokio::test]
async fn nobody_blocks_themselves_or_nobody() {
    let service = Service::start().await;
    let ann = service.signs_up("ann").await.user.unwrap().id;
    let unknown = UserId::generate().to_string();
    for (whom, kind, reason) in [
        (&*ann, Kind::Invalid, "BLOCK_INVALID"),
        (&*unknown, Kind::NotFound, "USER_NOT_FOUND"),
        ("x", Kind::Invalid, "USER_ID_INVALID"),
    ] {
        let refused = refusal(blocks(&service, &ann, whom).await);
        assert_eq!(refused, (kind, reason.to_owned()));
    }
}
