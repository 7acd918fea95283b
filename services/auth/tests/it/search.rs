//! Finding people by name.

use confab_fault::Kind;
use confab_proto::auth::{
    GetUsersByUsernameRequest, SearchUsersRequest, UpdateProfileRequest, User,
};
use futures_util::future::join_all;
use tonic::Status;

use crate::service::{Service, refusal};

async fn finds(service: &Service, query: &str, limit: i32) -> Result<Vec<User>, Status> {
    let request = SearchUsersRequest {
        query: query.to_owned(),
        limit,
        after: String::new(),
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
    let long = "x".repeat(65);
    for (query, limit) in [("", 10), (&*long, 10), ("ann", 51), ("ann", -1)] {
        let refused = refusal(finds(&service, query, limit).await);
        assert_eq!(refused, (Kind::Invalid, "QUERY_INVALID".to_owned()));
    }
}

async fn looks_up(service: &Service, names: &[&str]) -> Result<Vec<String>, Status> {
    let request = GetUsersByUsernameRequest {
        usernames: names.iter().map(ToString::to_string).collect(),
    };
    let answer = service.client.clone().get_users_by_username(request).await;
    Ok(answer?
        .into_inner()
        .users
        .into_iter()
        .map(|user| user.username)
        .collect())
}

#[tokio::test]
async fn usernames_are_looked_up_whatever_their_case_and_unknown_ones_are_left_out() {
    let service = Service::start().await;
    for name in ["Ann", "bob", "carol"] {
        service.signs_up(name).await;
    }
    let asked = [
        "BOB",
        "nobody",
        "ann",
        "bob",
        "",
        "no name at all",
        ".*",
        "é",
    ];
    assert_eq!(looks_up(&service, &asked).await.unwrap(), ["bob", "Ann"]);
    assert!(looks_up(&service, &[]).await.unwrap().is_empty());
    let refused = refusal(looks_up(&service, &["ann"; 101]).await);
    assert_eq!(refused, (Kind::Invalid, "USERNAMES_INVALID".to_owned()));
}

async fn shows_as(service: &Service, user: &str, name: &str) {
    let request = UpdateProfileRequest {
        user_id: user.to_owned(),
        display_name: Some(name.to_owned()),
        ..UpdateProfileRequest::default()
    };
    service
        .client
        .clone()
        .update_profile(request)
        .await
        .unwrap();
}

/// All pages, one after the other.
async fn pages(service: &Service, query: &str, limit: i32) -> Vec<Vec<String>> {
    let (mut pages, mut after) = (Vec::new(), String::new());
    loop {
        let request = SearchUsersRequest {
            query: query.to_owned(),
            limit,
            after,
        };
        let page = service.client.clone().search_users(request).await.unwrap();
        let page = page.into_inner();
        after = page
            .users
            .last()
            .map(|user| user.id.clone())
            .unwrap_or_default();
        pages.push(page.users.into_iter().map(|user| user.username).collect());
        if !page.has_more {
            return pages;
        }
    }
}

#[tokio::test]
async fn display_names_are_found_too_behind_usernames_once_and_page_by_page() {
    let service = Service::start().await;
    for (username, display_name) in [
        ("zoe", "Änne"),
        ("annika", "Änne Other"),
        ("bert", "ÄNNE B"),
        ("anne", "Anne"),
        ("carl", "Anne C"),
        ("dora", "anne c"),
        ("emil", ""),
    ] {
        let user = service.signs_up(username).await.user.unwrap();
        shows_as(&service, &user.id, display_name).await;
    }
    assert_eq!(names(&service, "änne", 0).await, ["zoe", "bert", "annika"]);
    let all = ["anne", "annika", "carl", "dora"];
    assert_eq!(names(&service, "ann", 0).await, all);
    for limit in 1..=5 {
        let pages = pages(&service, "ANN", limit).await;
        assert_eq!(pages.concat(), all, "{pages:?}");
        assert_eq!(
            pages.len(),
            4_usize.div_ceil(usize::try_from(limit).unwrap())
        );
    }
}

#[tokio::test]
async fn who_clears_or_changes_a_display_name_is_found_by_it_no_more() {
    let service = Service::start().await;
    let user = service.signs_up("zoe").await.user.unwrap();
    shows_as(&service, &user.id, "Countess").await;
    assert_eq!(names(&service, "count", 0).await, ["zoe"]);
    shows_as(&service, &user.id, "Ada").await;
    assert!(names(&service, "count", 0).await.is_empty());
    assert_eq!(names(&service, "ad", 0).await, ["zoe"]);
    shows_as(&service, &user.id, "").await;
    assert!(names(&service, "ad", 0).await.is_empty());
}

#[tokio::test]
async fn a_page_behind_nobody_is_refused() {
    let service = Service::start().await;
    for after in ["x", "000000000000000000000000"] {
        let request = SearchUsersRequest {
            query: "ann".to_owned(),
            limit: 0,
            after: after.to_owned(),
        };
        let refused = refusal(service.client.clone().search_users(request).await);
        assert_eq!(refused, (Kind::Invalid, "QUERY_INVALID".to_owned()));
    }
}
