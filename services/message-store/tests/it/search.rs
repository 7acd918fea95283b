//! Searching in one's rooms.

use confab_proto::message::search_service_client::SearchServiceClient;
use confab_proto::message::{
    DeleteFor, DeleteMessageRequest, EditMessageRequest, SearchMessagesRequest,
};
use confab_testkit::{Mongo, eventually};
use tonic::Code;
use tonic::transport::Channel;

use crate::service::{Service, create_group, new_user, new_users, refusal, send_text};

type Client = SearchServiceClient<Channel>;

fn asking(user: &str, query: &str) -> SearchMessagesRequest {
    SearchMessagesRequest {
        user_id: user.to_owned(),
        query: query.to_owned(),
        ..SearchMessagesRequest::default()
    }
}

/// What the messages say that are found, page by page.
async fn found(client: &Client, request: SearchMessagesRequest) -> Vec<String> {
    let mut contents = Vec::new();
    let mut request = request;
    loop {
        let answer = client.clone().search_messages(request.clone()).await;
        let page = answer.unwrap().into_inner();
        contents.extend(page.messages.into_iter().map(|message| message.content));
        if page.next_cursor.is_empty() {
            return contents;
        }
        request.cursor = page.next_cursor;
    }
}

/// Waits until a search finds exactly this.
async fn finds(client: &Client, request: SearchMessagesRequest, expected: &[&str]) {
    let what = format!("{:?} finds {expected:?}", request.query);
    eventually(&what, async || {
        (found(client, request.clone()).await == expected).then_some(())
    })
    .await;
}

#[tokio::test]
async fn words_prefixes_and_filters_find_the_newest_first_in_all_of_ones_rooms() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let search = service.searching();
    let [ada, ben, eve] = [new_user(), new_user(), new_user()];
    let one = create_group(&service.client, &[ada.clone(), ben.clone()]).await;
    let other = create_group(&service.client, &[ben.clone(), ada.clone(), eve.clone()]).await;
    let elsewhere = create_group(&service.client, &[eve.clone(), new_user()]).await;
    for (user, room, text) in [
        (&ada, &one, "Lunch at noon?"),
        (&ben, &one, "Nooné knows; launch is at one"),
        (&ben, &other, "LUNCH is served, at noon"),
        (&eve, &elsewhere, "lunch at noon without you"),
    ] {
        send_text(&service.client, user, &room.id, text).await;
    }
    let newest_first = ["LUNCH is served, at noon", "Lunch at noon?"];
    finds(&search, asking(&ada, "lunch noon"), &newest_first).await;
    finds(&search, asking(&ada, "at lun"), &newest_first).await;
    finds(
        &search,
        asking(&ada, "no* l"),
        &[
            newest_first[0],
            "Nooné knows; launch is at one",
            newest_first[1],
        ],
    )
    .await;
    finds(&search, asking(&ada, "noon lunch breakfast"), &[]).await;
    let here = SearchMessagesRequest {
        room_id: one.id.clone(),
        ..asking(&ada, "lunch")
    };
    finds(&search, here, &["Lunch at noon?"]).await;
    let from = SearchMessagesRequest {
        from_user_id: ben.clone(),
        ..asking(&ada, "noon ")
    };
    finds(&search, from, &["LUNCH is served, at noon"]).await;
    let past = SearchMessagesRequest {
        until_ms: 1,
        ..asking(&ada, "lunch")
    };
    finds(&search, past, &[]).await;
    let paged = SearchMessagesRequest {
        limit: 1,
        ..asking(&ada, "lunch")
    };
    finds(&search, paged, &newest_first).await;
    service.stop().await;
}

#[tokio::test]
async fn what_was_edited_is_found_by_what_it_says_now_and_what_was_deleted_is_not_found() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let search = service.searching();
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;
    let edited = send_text(&service.client, &users[0], &room.id, "the old words").await;
    let deleted = send_text(&service.client, &users[0], &room.id, "other old words").await;
    finds(
        &search,
        asking(&users[1], "old words"),
        &["other old words", "the old words"],
    )
    .await;
    let edit = EditMessageRequest {
        user_id: users[0].clone(),
        message_id: edited.id,
        content: "the new words".to_owned(),
        ..EditMessageRequest::default()
    };
    service.client.clone().edit_message(edit).await.unwrap();
    let delete = DeleteMessageRequest {
        user_id: users[0].clone(),
        message_id: deleted.id,
        r#for: DeleteFor::Everyone.into(),
    };
    service.client.clone().delete_message(delete).await.unwrap();
    // At once, whatever the index says.
    assert_eq!(
        found(&search, asking(&users[1], "old words")).await,
        Vec::<String>::new()
    );
    finds(&search, asking(&users[1], "new words"), &["the new words"]).await;
    service.stop().await;
}

#[tokio::test]
async fn what_one_hid_one_does_not_find_and_others_do() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let search = service.searching();
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;
    let hidden = send_text(&service.client, &users[0], &room.id, "embarrassing").await;
    let hide = DeleteMessageRequest {
        user_id: users[1].clone(),
        message_id: hidden.id,
        r#for: DeleteFor::Me.into(),
    };
    service.client.clone().delete_message(hide).await.unwrap();
    finds(
        &search,
        asking(&users[0], "embarrassing"),
        &["embarrassing"],
    )
    .await;
    assert_eq!(
        found(&search, asking(&users[1], "embarrassing")).await,
        Vec::<String>::new()
    );
    service.stop().await;
}

#[tokio::test]
async fn a_room_that_a_crash_left_unindexed_is_indexed_when_it_is_searched() {
    let mongo = Mongo::fresh();
    let first = Service::start(&mongo).await;
    let users = new_users(2);
    let room = create_group(&first.client, &users).await;
    for number in 0..600 {
        send_text(
            &first.client,
            &users[0],
            &room.id,
            &format!("number {number}"),
        )
        .await;
    }
    first.stop().await;
    // As if its index had been lost, and how far it went with it.
    let database = mongo.open().await;
    let search = database.collection::<mongodb::bson::Document>("search");
    search.delete_many(mongodb::bson::doc! {}).await.unwrap();
    let rooms = database.collection::<mongodb::bson::Document>("rooms");
    let forget = mongodb::bson::doc! { "$set": { "indexedRev": 0_i64 } };
    rooms
        .update_many(mongodb::bson::doc! {}, forget)
        .await
        .unwrap();

    let second = Service::start(&mongo).await;
    let search = second.searching();
    finds(&search, asking(&users[1], "number 0 "), &["number 0"]).await;
    let all = SearchMessagesRequest {
        limit: 100,
        ..asking(&users[1], "numb")
    };
    eventually("all 600 are found, page by page", async || {
        (found(&search, all.clone()).await.len() == 600).then_some(())
    })
    .await;
    second.stop().await;
}

#[tokio::test]
async fn a_stranger_finds_nothing_and_a_bad_query_says_why() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let search = service.searching();
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;
    send_text(&service.client, &users[0], &room.id, "a secret").await;
    finds(&search, asking(&users[1], "secret"), &["a secret"]).await;
    assert_eq!(
        found(&search, asking(&new_user(), "secret")).await,
        Vec::<String>::new()
    );
    let refused = async |request| refusal(search.clone().search_messages(request).await);
    let prying = SearchMessagesRequest {
        room_id: room.id,
        ..asking(&new_user(), "secret")
    };
    assert_eq!(
        refused(prying).await,
        (Code::NotFound, "ROOM_NOT_FOUND".to_owned())
    );
    let invalid = |reason: &str| (Code::InvalidArgument, reason.to_owned());
    assert_eq!(
        refused(asking(&users[0], " !")).await,
        invalid("QUERY_INVALID")
    );
    let limit = SearchMessagesRequest {
        limit: 101,
        ..asking(&users[0], "secret")
    };
    assert_eq!(refused(limit).await, invalid("LIMIT_INVALID"));
    let cursor = SearchMessagesRequest {
        cursor: "x".to_owned(),
        ..asking(&users[0], "secret")
    };
    assert_eq!(refused(cursor).await, invalid("CURSOR_INVALID"));
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_searching_is_off_a_search_says_so_and_once_it_is_on_everything_is_found() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &["--search=off"]).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;
    send_text(&service.client, &users[0], &room.id, "not to be found").await;

    let answer = service
        .searching()
        .search_messages(asking(&users[0], "found"))
        .await;
    assert_eq!(
        refusal(answer),
        (Code::PermissionDenied, "SEARCH_OFF".to_owned())
    );
    service.stop().await;

    // The room waits for who can search: its index begins where it was left.
    let other = Service::start(&mongo).await;
    finds(
        &other.searching(),
        asking(&users[0], "found"),
        &["not to be found"],
    )
    .await;
    other.stop().await;
}
