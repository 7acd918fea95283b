//! Finding people by name.

use confab_fault::Kind;
use confab_proto::auth::{SearchUsersRequest, User};
use futures_util::future::join_all;
use tonic::Status;

use crate::service::{Service, refusal};

async fn finds(service: &Service, query: &str, limit: i32) -> Result<Vec<User>, Status> {
    let request = SearchUsersRequest {
        query: query.to_owned(),
        limit,
    };
    Ok(service
        .client
        .clone()
        .search_users(request)
        .await?
        .into_inner()
        .users)
}

async fn names(service: &Service, query: &str, limit: i32) -> Vec<String> {
    finds(service, query, limit)
        .await
        .unwrap()
        .into_iter()
        .map(|user| user.username)
        .collect()
}

#[tokio::test]
async fn names_that_begin_alike_are_found_in_order_whatever_their_case() {
    let service = Service::start().await;
    for name in [
        "anna", "Ann.Lee", "ANN", "bob", "an_x", "zann", "ann-x", "ann_9",
    ] {
        service.signs_up(name).await;
    }
    assert_eq!(
        names(&service, "ann", 0).await,
        ["ANN", "ann-x", "Ann.Lee", "ann_9", "anna"]
    );
    assert_eq!(names(&service, "ANN.", 0).await, ["Ann.Lee"]);
    assert_eq!(names(&service, "b", 0).await, ["bob"]);
    assert_eq!(names(&service, "ann", 2).await, ["ANN", "ann-x"]);
    assert!(names(&service, "nobody", 0).await.is_empty());
    assert!(
        finds(&service, "a", 0)
            .await
            .unwrap()
            .iter()
            .all(|user| user.email.is_empty())
    );
}

#[tokio::test]
async fn a_query_is_text_and_not_a_pattern() {
    let service = Service::start().await;
    service.signs_up("ann").await;
    for query in [".*", "^a", "a.n", "$", "%", "\\", "é", "\0", "\u{10ffff}"] {
        assert!(names(&service, query, 0).await.is_empty(), "{query:?}");
    }
}

#[tokio::test]
async fn an_answer_is_bounded() {
    let service = Service::start().await;
    let people: Vec<String> = (0..55).map(|i| format!("person{i:02}")).collect();
    join_all(people.iter().map(|name| service.signs_up(name))).await;
    assert_eq!(names(&service, "person", 0).await, people[..20]);
    assert_eq!(names(&service, "person", 50).await, people[..50]);
    let long = "x".repeat(33);
    for (query, limit) in [("", 10), (&*long, 10), ("ann", 51), ("ann", -1)] {
        let refused = refusal(finds(&service, query, limit).await);
        assert_eq!(refused, (Kind::Invalid, "QUERY_INVALID".to_owned()));
    }
}
